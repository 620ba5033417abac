using TenantPlatform.Observer.Configuration;
using TenantPlatform.Observer.Reporting;
using TenantPlatform.ServiceDefaults;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddObserver();

var app = builder.Build();
app.MapDefaultEndpoints();
app.MapObservations();

await app.RunAsync();

namespace TenantPlatform.Observer
{
    /// <summary>The service's entry point, named so that an application host can refer to it.</summary>
    public partial class Program;
}

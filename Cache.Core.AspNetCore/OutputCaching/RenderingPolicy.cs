using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OutputCaching;

namespace Cache.Core.AspNetCore.OutputCaching;

/// <summary>
/// Notes what is known of tags before a page is looked for. Not when it is looked for: several requests may share one look-up, and any of them may
/// be the one that renders.
/// </summary>
internal sealed class RenderingPolicy : IOutputCachePolicy
{
    public async ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellation)
    {
        var request = context.HttpContext;
        if ((HttpMethods.IsGet(request.Request.Method) || HttpMethods.IsHead(request.Request.Method))
            && request.RequestServices.GetService(typeof(IOutputCacheStore)) is TieredOutputCacheStore store)
        {
            request.Features.Set(new Rendering(await store.NoteAsync(cancellation)));
        }
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellation) => ValueTask.CompletedTask;
}

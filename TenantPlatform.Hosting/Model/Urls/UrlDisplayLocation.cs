namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where an address is shown.</summary>
public enum UrlDisplayLocation
{
    /// <summary>In the table and with the details.</summary>
    SummaryAndDetails = 0,

    /// <summary>With the details only.</summary>
    DetailsOnly = 1,
}

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What a container is given as a directory.</summary>
public enum ContainerMountType
{
    /// <summary>A directory of this machine.</summary>
    BindMount = 0,

    /// <summary>A volume of the engine.</summary>
    Volume = 1,
}

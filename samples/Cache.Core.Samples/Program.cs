using Cache.Core.Samples;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
return await Catalog.RunAsync(args, Console.Out, stop.Token);

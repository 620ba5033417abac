using System.IO.Pipelines;
using System.Text;
using Gateway.Interim;
using Microsoft.AspNetCore.Http;

namespace Gateway.Tests.Interim;

public sealed class InterimWriterTests
{
    private readonly Pipe _connection = new();

    [Fact]
    public async Task Send_BeforeTheFinalAnswer_WritesIt()
    {
        InterimWriter writer = new(_connection.Writer);

        await writer.SendAsync(103, Hints, CancellationToken.None);
        await writer.SendAsync(103, Hints, CancellationToken.None);
        await writer.CloseAsync();

        const string Once = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n";
        Assert.Equal(Once + Once, await WrittenAsync());
    }

    [Fact]
    public async Task Send_AfterTheFinalAnswerHasBegun_WritesNothing()
    {
        InterimWriter writer = new(_connection.Writer);

        await writer.CloseAsync();
        await writer.SendAsync(103, Hints, CancellationToken.None);

        Assert.Empty(await WrittenAsync());
    }

    [Fact]
    public async Task Send_AfterOneBefore_AndTheFinalAnswerHasBegun_WritesNoMore()
    {
        InterimWriter writer = new(_connection.Writer);

        await writer.SendAsync(103, Hints, CancellationToken.None);
        await writer.CloseAsync();
        await writer.SendAsync(103, Hints, CancellationToken.None);

        Assert.Equal("HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n", await WrittenAsync());
    }

    private static HeaderDictionary Hints => new() { ["Link"] = "</style.css>" };

    private async Task<string> WrittenAsync()
    {
        await _connection.Writer.CompleteAsync();
        using StreamReader reader = new(_connection.Reader.AsStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}

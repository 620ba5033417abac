using System.Net.Sockets;

namespace TenantPlatform.Hosting.Tests.Replicas;

/// <summary>What the front makes of replicas that answer early, oddly, in part or not at all.</summary>
public sealed class ReplicaBehaviourTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("HEAD", 2)]
    [InlineData("PUT", 2)]
    [InlineData("DELETE", 2)]
    [InlineData("OPTIONS", 2)]
    [InlineData("TRACE", 2)]
    [InlineData("POST", 1)]
    [InlineData("PATCH", 1)]
    [InlineData("get", 1)]
    [InlineData("MADE-UP", 1)]
    public async Task UnansweredRequest_IsAskedOfOneOther_OnlyIfItIsIdempotent(string method, int asked)
    {
        await using var one = ScriptedReplica.AnsweringOnce("");
        await using var two = ScriptedReplica.AnsweringOnce("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no");
        await using var three = ScriptedReplica.AnsweringOnce("HTTP/1.1 200");
        await using var front = FrontHarness.Before(clock: null, one, two, three);
        using var client = await RawConnection.OpenAsync(front.Port, $"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");

        var head = await client.ReadThroughAsync("\r\n\r\n");

        // The answer to HEAD that one of them gives is whole: it has no body.
        Assert.StartsWith(method == "HEAD" && two.Connections == 1 ? "HTTP/1.1 200 " : "HTTP/1.1 502 ", head, StringComparison.Ordinal);
        Assert.InRange(one.Connections + two.Connections + three.Connections, method == "HEAD" ? 1 : asked, asked);
    }

    [Fact]
    public async Task ShortAnswerThatBreaksOff_IsNotShown_AndAnotherReplicaAnswers()
    {
        await using var breaking = ScriptedReplica.AnsweringOnce("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
        await using var whole = ScriptedReplica.Answering(Ok);
        await using var front = FrontHarness.Before(clock: null, breaking, whole);

        for (var n = 0; n < 4; n++)
            Assert.Equal("ok", await front.Client.GetStringAsync("/"));
        Assert.NotEqual(0, breaking.Connections);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n0\r\n")]
    public async Task LongAnswerThatBreaksOff_ResetsTheClient_AndIsNotAskedAgain(string answer)
    {
        await using var replica = ScriptedReplica.AnsweringOnce(answer);
        await using var other = ScriptedReplica.AnsweringOnce(answer);
        await using var front = FrontHarness.Before(clock: null, replica, other);
        using var client = await RawConnection.OpenAsync(front.Port, Get);

        await Assert.ThrowsAsync<SocketException>(client.ReadToEndAsync);
        Assert.Equal(1, replica.Connections + other.Connections);
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("HTTP/2 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\r\n folded\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\nY: b\r\n\r\nok")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: unasked\r\n\r\n")]
    public async Task AnswerThatCannotBeRead_Is502(string answer)
    {
        await using var replica = ScriptedReplica.AnsweringOnce(answer);
        await using var front = FrontHarness.Before(clock: null, replica);
        using var client = await RawConnection.OpenAsync(front.Port, Get);

        Assert.StartsWith("HTTP/1.1 502 ", await client.ReadThroughAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnswerHeadWithoutEnd_Is502_AndNotKept()
    {
        await using var replica = ScriptedReplica.AnsweringOnce($"HTTP/1.1 200 OK\r\nX: {new string('x', 40_000)}");
        await using var front = FrontHarness.Before(clock: null, replica);
        using var client = await RawConnection.OpenAsync(front.Port, Get);

        Assert.StartsWith("HTTP/1.1 502 ", await client.ReadThroughAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nfirst bytes")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")]
    public async Task AnswerBeforeTheBodysEnd_ReachesTheClient_AndIsTheLast(string request)
    {
        await using var replica = ScriptedReplica.AnsweringOnce("HTTP/1.1 413 Too Long\r\nContent-Length: 3\r\n\r\nbig");
        await using var front = FrontHarness.Before(clock: null, replica);
        using var client = await RawConnection.OpenAsync(front.Port, request);

        Assert.StartsWith("HTTP/1.1 413 ", await client.ReadThroughAsync("big"), StringComparison.Ordinal);
        client.EndSending();
        Assert.Empty(await client.ReadToEndAsync());
    }

    [Fact]
    public async Task ClientThatLeavesWithinItsBody_EndsTheReplicasRequest_Unfinished()
    {
        var received = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var replica = new ScriptedReplica(async connection =>
        {
            var got = await connection.ReadThroughAsync("first bytes");
            try
            {
                got += await connection.ReadToEndAsync();
            }
            catch (SocketException)
            {
                // A reset says as well that this is not the whole.
            }

            received.SetResult(got);
        });
        await using var front = FrontHarness.Before(clock: null, replica);
        using (await RawConnection.OpenAsync(front.Port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nfirst bytes"))
        {
            // Leaves.
        }

        Assert.EndsWith("\r\n\r\nfirst bytes", await received.Task.WaitAsync(TimeSpan.FromSeconds(60)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReplicaThatClosesAfterItsAnswer_IsConnectedToAnew_AndTheClientIsNot()
    {
        await using var replica = ScriptedReplica.AnsweringOnce("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        await using var front = FrontHarness.Before(clock: null, replica);
        using var client = await RawConnection.OpenAsync(front.Port);

        for (var n = 1; n <= 3; n++)
        {
            await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.DoesNotContain("close", await client.ReadThroughAsync("ok"), StringComparison.Ordinal);
            Assert.Equal(n, replica.Connections);
        }
    }

    [Fact]
    public async Task IdleConnectionThatTheReplicaClosed_IsNotUsedForAPost()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var replica = new ScriptedReplica(async connection =>
        {
            await connection.ReadThroughAsync("\r\n\r\n");
            await connection.SendAsync(Ok);
            connection.Dispose();
            closed.TrySetResult();
        });
        await using var front = FrontHarness.Before(clock: null, replica);

        Assert.Equal("ok", await front.Client.GetStringAsync("/"));
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(60));
        using var response = await front.Client.PostAsync("/", content: null);

        Assert.True(response.IsSuccessStatusCode, response.ToString());
        Assert.Equal(2, replica.Connections);
    }

    [Fact]
    public async Task BytesAfterAnAnswer_ReachNobody()
    {
        await using var replica = ScriptedReplica.Answering(Ok + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged");
        await using var front = FrontHarness.Before(clock: null, replica);

        for (var n = 1; n <= 3; n++)
        {
            Assert.Equal("ok", await front.Client.GetStringAsync("/"));
            Assert.Equal(n, replica.Connections);
        }
    }

    [Theory]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nuntil the end", "until the end", true)]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end", "until the end", true)]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n" + Ok, "ok", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "2\r\nok\r\n0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nok\r\n0\r\nTrailer: a\r\n\r\n", "2;x=y\r\nok\r\n0\r\n\r\n", false)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "", false)]
    [InlineData("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", "", false)]
    public async Task Answer_ReachesTheClient_InTheBoundsItWasReadIn(string answer, string body, bool isLast)
    {
        await using var replica = isLast ? ScriptedReplica.AnsweringOnce(answer) : ScriptedReplica.Answering(answer);
        await using var front = FrontHarness.Before(clock: null, replica);
        using var client = await RawConnection.OpenAsync(front.Port, Get);

        var head = await client.ReadThroughAsync("\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {answer[answer.LastIndexOf("HTTP/1.", StringComparison.Ordinal)..][9..12]} ", head, StringComparison.Ordinal);
        Assert.Equal(isLast, head.Contains("Connection: close\r\n", StringComparison.Ordinal));
        Assert.False(head.Contains("Transfer-Encoding", StringComparison.Ordinal) && head.Contains("Content-Length", StringComparison.Ordinal), head);
        if (!isLast)
        {
            client.EndSending();
            Assert.Equal(1, replica.Connections);
        }

        Assert.Equal(body, await client.ReadToEndAsync());
    }

    [Fact]
    public async Task AnswerToHead_HasNoBody_WhateverItsLengthSays()
    {
        await using var replica = ScriptedReplica.Answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        await using var front = FrontHarness.Before(clock: null, replica);
        using var client = await RawConnection.OpenAsync(front.Port);

        for (var n = 0; n < 3; n++)
        {
            await client.SendAsync("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.EndsWith("Content-Length: 5\r\n\r\n", await client.ReadThroughAsync("\r\n\r\n"), StringComparison.Ordinal);
        }

        Assert.Equal(1, replica.Connections);
    }
}

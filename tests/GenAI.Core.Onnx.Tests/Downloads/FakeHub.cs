using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace GenAI.Core.Onnx.Tests.Downloads;

/// <summary>A model hub on the loopback interface that fails as it is told to.</summary>
internal sealed class FakeHub : IDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly HttpListener _listener;
    private readonly Dictionary<string, byte[]> _files = [];

    public FakeHub()
    {
        for (var attempt = 0; ; attempt++)
        {
            Endpoint = new Uri($"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/");
            var listener = new HttpListener();
            listener.Prefixes.Add(Endpoint.AbsoluteUri);
            try
            {
                listener.Start();
                _listener = listener;
                break;
            }
            catch (HttpListenerException) when (attempt < 20)
            {
                // The port is taken. A listener that could not start is of no further use.
            }
        }

        _ = ServeAsync();
    }

    public Uri Endpoint { get; }

    /// <summary>The paths that were asked for, with the byte that was asked from.</summary>
    public ConcurrentQueue<(string Path, long From, string? Authorization)> Requests { get; } = [];

    /// <summary>What to do with a request before it is answered: true if it has been dealt with. The number counts the requests of the same path.</summary>
    public Func<HttpListenerContext, string, int, bool>? Fault { get; set; }

    /// <summary>Changes what the description says of a file.</summary>
    public Func<string, Dictionary<string, object>, Dictionary<string, object>>? Describe { get; set; }

    /// <summary>Changes what is sent as the content of a file.</summary>
    public Func<string, byte[], int, byte[]>? Send { get; set; }

    public bool KnowsRanges { get; set; } = true;

    public FakeHub With(string path, byte[] content)
    {
        _files[path] = content;
        return this;
    }

    public FakeHub WithModel(int graphBytes = 300_000) =>
        With("config.json", "{}"u8.ToArray()).With("tokenizer.json", "{ }"u8.ToArray()).With("onnx/model.onnx", Content(graphBytes, 1)).With("pytorch_model.bin", Content(1000, 2)).With("1_Pooling/config.json", "{}"u8.ToArray());

    public byte[] File(string path) => _files[path];

    public static byte[] Content(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public int Asked(string path) => Requests.Count(request => request.Path.EndsWith(path, StringComparison.Ordinal));

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = Task.Run(() => Answer(context));
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var path = Uri.UnescapeDataString(context.Request.Url!.AbsolutePath).TrimStart('/');
        var from = context.Request.Headers["Range"] is { } range ? long.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture) : 0;
        var count = Requests.Count(request => request.Path == path);
        Requests.Enqueue((path, from, context.Request.Headers["Authorization"]));
        try
        {
            if (Fault?.Invoke(context, path, count) == true)
                return;
            if (path.StartsWith("api/models/", StringComparison.Ordinal))
                Reply(context, 200, Description());
            else if (path.Split("/resolve/" + Commit + "/") is [_, var file] && _files.TryGetValue(file, out var content))
                SendFile(context, Send?.Invoke(file, content, count) ?? content, from);
            else
                Reply(context, 404, "not found"u8.ToArray());
        }
        catch (Exception exception) when (exception is HttpListenerException or IOException or ObjectDisposedException)
        {
            // The client went away, or the test did.
        }
    }

    private void SendFile(HttpListenerContext context, byte[] content, long from)
    {
        if (from > 0 && KnowsRanges)
        {
            context.Response.Headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
            Reply(context, 206, content[(int)from..]);
        }
        else
        {
            Reply(context, 200, content);
        }
    }

    public static void Reply(HttpListenerContext context, int status, byte[] content)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength64 = content.Length;
        context.Response.OutputStream.Write(content);
        context.Response.Close();
    }

    /// <summary>Sends the beginning of a file and breaks the connection.</summary>
    public void BreakAfter(HttpListenerContext context, string file, int bytes, long from = 0)
    {
        var content = _files[file];
        context.Response.StatusCode = from > 0 ? 206 : 200;
        if (from > 0)
            context.Response.Headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        context.Response.ContentLength64 = content.Length - from;
        context.Response.OutputStream.Write(content, (int)from, bytes);
        context.Response.OutputStream.Flush();

        // What has been sent must have arrived: the reset that follows takes with it what the client has not read.
        Thread.Sleep(100);
        context.Response.Abort();
    }

    private byte[] Description()
    {
        var siblings = _files.Select(file =>
        {
            var entry = new Dictionary<string, object> { ["rfilename"] = file.Key, ["size"] = file.Value.Length };
            if (file.Key.EndsWith(".onnx", StringComparison.Ordinal))
                entry["lfs"] = new { sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Value)), size = file.Value.Length };
            else
                entry["blobId"] = GitHash(file.Value);
            return Describe?.Invoke(file.Key, entry) ?? entry;
        });
        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { sha = Commit, siblings }));
    }

#pragma warning disable CA5350 // Git's.
    private static string GitHash(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350
}

namespace GenAI.Core.Onnx.Tests.Downloads;

/// <summary>Several processes that share one cache folder.</summary>
public sealed class ModelStoreProcessTests : IDisposable
{
    /// <summary>What <see cref="Program"/> calls <see cref="ResolveAsync"/>.</summary>
    public const string Part = "model-store";

    private const string Model = "org/some-model";

    private readonly FakeHub _hub = new FakeHub().WithModel();
    private readonly string _cache = Directory.CreateTempSubdirectory("genai-core-models-").FullName;

    public void Dispose()
    {
        _hub.Dispose();
        Directory.Delete(_cache, recursive: true);
    }

    [Fact]
    public async Task Processes_that_want_one_model_at_once_fetch_it_once()
    {
        using var bothAsked = new CountdownEvent(2);
        _hub.Fault = (_, path, _) =>
        {
            // Neither gets the graph before both have asked what the model has.
            if (path.EndsWith("model.onnx", StringComparison.Ordinal))
                bothAsked.Wait(TimeSpan.FromSeconds(60));
            else if (path.StartsWith("api/models/", StringComparison.Ordinal) && !bothAsked.IsSet)
                bothAsked.Signal();
            return false;
        };
        using var first = Start();
        using var second = Start();

        var ends = await Task.WhenAll(first.EndAsync(), second.EndAsync());

        ends.Should().AllSatisfy(end => end.ExitCode.Should().Be(0, "{0}", end.Errors));
        ends[1].Output.Should().Be(ends[0].Output);
        File.ReadAllBytes(Path.Combine(ends[0].Output, "onnx/model.onnx")).Should().Equal(_hub.File("onnx/model.onnx"));
        _hub.Asked("model.onnx").Should().Be(1);
    }

    [Fact]
    public async Task What_a_killed_process_has_fetched_is_continued_by_another()
    {
        using var begun = new SemaphoreSlim(0);
        using var killed = new ManualResetEventSlim();
        _hub.Fault = (context, path, count) =>
        {
            if (!path.EndsWith("model.onnx", StringComparison.Ordinal) || count > 0)
                return false;
            context.Response.ContentLength64 = _hub.File("onnx/model.onnx").Length;
            context.Response.OutputStream.Write(_hub.File("onnx/model.onnx"), 0, 200_000);
            context.Response.OutputStream.Flush();
            SpinWait.SpinUntil(() => Fetched() > 100_000, TimeSpan.FromSeconds(60));
            begun.Release();
            killed.Wait(TimeSpan.FromSeconds(60));
            context.Response.Abort();
            return true;
        };
        using var first = Start();
        (await begun.WaitAsync(TimeSpan.FromSeconds(120))).Should().BeTrue("it asks for the graph");
        first.Kill();
        await first.WaitForExitAsync();
        killed.Set();

        using var second = Start();
        var end = await second.EndAsync();

        end.ExitCode.Should().Be(0, "{0}", end.Errors);
        File.ReadAllBytes(Path.Combine(end.Output, "onnx/model.onnx")).Should().Equal(_hub.File("onnx/model.onnx"));
        _hub.Requests.Where(request => request.Path.EndsWith("model.onnx", StringComparison.Ordinal)).Select(request => request.From > 0).Should().Equal(false, true);
    }

    /// <summary>What the other process does: it writes the folder.</summary>
    internal static async Task ResolveAsync(string cache, string endpoint, string model)
    {
        using var store = new ModelStore(new() { CacheFolder = cache, Endpoint = new Uri(endpoint), Offline = false, Token = "" });
        Console.WriteLine(await store.ResolveAsync(model));
    }

    // How much of the largest file is in the cache.
    private long Fetched() => new DirectoryInfo(_cache).EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Length).DefaultIfEmpty().Max();

    private System.Diagnostics.Process Start() => ChildProcess.Start(Part, _cache, _hub.Endpoint.AbsoluteUri, Model);
}

using Polly;
using Polly.Retry;

namespace GenAI.Core.Onnx.Tests.Downloads;

public sealed class ModelStoreTests : IDisposable
{
    private const string Model = "org/some-model";

    private readonly FakeHub _hub = new FakeHub().WithModel();
    private readonly string _cache = Directory.CreateTempSubdirectory("genai-core-models-").FullName;

    public void Dispose()
    {
        _hub.Dispose();
        Directory.Delete(_cache, recursive: true);
    }

    [Fact]
    public async Task A_local_folder_is_itself()
    {
        using var store = Store();

        (await store.ResolveAsync(_cache)).Should().Be(_cache);
        _hub.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task A_model_is_fetched_once_with_the_files_that_it_needs()
    {
        using var store = Store();
        var reports = new List<ModelDownloadProgress>();

        var folder = await store.ResolveAsync(Model, progress: new Reports(reports));
        var again = await store.ResolveAsync(Model);

        again.Should().Be(folder);
        Path.GetFileName(folder).Should().Be("some-model");
        Files(folder).Should().BeEquivalentTo("config.json", "tokenizer.json", "onnx/model.onnx", "1_Pooling/config.json");
        File.ReadAllBytes(Path.Combine(folder, "onnx/model.onnx")).Should().Equal(_hub.File("onnx/model.onnx"));
        _hub.Asked("model.onnx").Should().Be(1);
        reports[^1].BytesDone.Should().Be(reports[^1].BytesTotal).And.Be(_hub.File("onnx/model.onnx").Length + 2 + 3 + 2);
        reports.Select(report => report.BytesDone).Should().BeInAscendingOrder();
    }

    [Fact]
    public async Task A_broken_download_is_continued_where_it_broke()
    {
        _hub.Fault = (context, path, count) =>
        {
            if (!path.EndsWith("model.onnx", StringComparison.Ordinal) || count > 1)
                return false;
            _hub.BreakAfter(context, "onnx/model.onnx", bytes: 100_000, from: count * 100_000);
            return true;
        };
        using var store = Store();

        var folder = await store.ResolveAsync(Model);

        File.ReadAllBytes(Path.Combine(folder, "onnx/model.onnx")).Should().Equal(_hub.File("onnx/model.onnx"));
        _hub.Requests.Where(request => request.Path.EndsWith("model.onnx", StringComparison.Ordinal)).Select(request => request.From).Should().HaveCount(3).And.BeInAscendingOrder().And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_download_that_was_given_up_is_continued_by_the_next_call()
    {
        _hub.Fault = (context, path, _) =>
        {
            if (!path.EndsWith("model.onnx", StringComparison.Ordinal))
                return false;
            _hub.BreakAfter(context, "onnx/model.onnx", bytes: 150_000);
            return true;
        };
        using (var impatient = Store(resilience: ResiliencePipeline.Empty))
            await impatient.Invoking(store => store.ResolveAsync(Model)).Should().ThrowAsync<Exception>().Where(exception => exception is IOException || exception is HttpRequestException);

        _hub.Fault = null;
        using var patient = Store();
        var folder = await patient.ResolveAsync(Model);

        File.ReadAllBytes(Path.Combine(folder, "onnx/model.onnx")).Should().Equal(_hub.File("onnx/model.onnx"));
        _hub.Requests.Last(request => request.Path.EndsWith("model.onnx", StringComparison.Ordinal)).From.Should().BePositive();
        _hub.Asked("resolve/" + FakeHub.Commit + "/config.json").Should().Be(1);
    }

    [Fact]
    public async Task A_server_without_ranges_sends_the_whole_again()
    {
        _hub.KnowsRanges = false;
        _hub.Fault = (context, path, count) =>
        {
            if (!path.EndsWith("model.onnx", StringComparison.Ordinal) || count > 0)
                return false;
            _hub.BreakAfter(context, "onnx/model.onnx", bytes: 100_000);
            return true;
        };
        using var store = Store();

        var folder = await store.ResolveAsync(Model);

        File.ReadAllBytes(Path.Combine(folder, "onnx/model.onnx")).Should().Equal(_hub.File("onnx/model.onnx"));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Failures_that_may_pass_are_tried_again(int status)
    {
        _hub.Fault = (context, _, count) =>
        {
            if (count > 0)
                return false;
            FakeHub.Reply(context, status, []);
            return true;
        };
        using var store = Store();

        var folder = await store.ResolveAsync(Model);

        Files(folder).Should().HaveCount(4);
    }

    [Fact]
    public async Task The_default_waits_as_long_as_the_server_asks()
    {
        _hub.Fault = (context, _, count) =>
        {
            if (count > 0)
                return false;
            context.Response.Headers["Retry-After"] = "0";
            FakeHub.Reply(context, 429, []);
            return true;
        };
        using var store = new ModelStore(new() { CacheFolder = _cache, Endpoint = _hub.Endpoint, Offline = false });

        Files(await store.ResolveAsync(Model)).Should().HaveCount(4);
    }

    [Fact]
    public async Task Content_that_is_not_what_was_announced_is_fetched_anew_and_then_refused()
    {
        _hub.Send = (path, content, count) => path.EndsWith(".onnx", StringComparison.Ordinal) && count == 0 ? FakeHub.Content(content.Length, 9) : content;
        using var store = Store();
        File.ReadAllBytes(Path.Combine(await store.ResolveAsync(Model), "onnx/model.onnx")).Should().Equal(_hub.File("onnx/model.onnx"));

        Directory.Delete(_cache, recursive: true);
        _hub.Send = (path, content, _) => path.EndsWith(".onnx", StringComparison.Ordinal) ? FakeHub.Content(content.Length, 9) : content;
        await store.Invoking(s => s.ResolveAsync(Model)).Should().ThrowAsync<OnnxModelException>().WithMessage("*onnx/model.onnx*SHA-256*");

        Directory.EnumerateFiles(_cache, "*.onnx*", SearchOption.AllDirectories).Should().BeEmpty();
    }

    [Fact]
    public async Task Small_files_are_checked_by_the_hash_that_git_gives_them()
    {
        _hub.Send = (path, content, _) => path == "config.json" ? "[]"u8.ToArray() : content;
        using var store = Store();

        await store.Invoking(s => s.ResolveAsync(Model)).Should().ThrowAsync<OnnxModelException>().WithMessage("*config.json*Git hash*");
    }

    [Fact]
    public async Task More_bytes_than_announced_stop_the_download()
    {
        _hub.Send = (path, content, _) => path.EndsWith(".onnx", StringComparison.Ordinal) ? FakeHub.Content(content.Length + 200_000, 9) : content;
        using var store = Store();

        await store.Invoking(s => s.ResolveAsync(Model)).Should().ThrowAsync<OnnxModelException>().WithMessage("*announced with 300,000 bytes*");
    }

    [Fact]
    public async Task A_model_that_is_too_large_is_not_begun()
    {
        using var store = new ModelStore(new() { CacheFolder = _cache, Endpoint = _hub.Endpoint, Offline = false, MaxBytes = 100_000 });

        await store.Invoking(s => s.ResolveAsync(Model)).Should().ThrowAsync<OnnxModelException>().WithMessage("*100,000*MaxBytes*");
        _hub.Asked("model.onnx").Should().Be(0);
    }

    [Theory]
    [InlineData("../escape.json")]
    [InlineData("/etc/escape.json")]
    [InlineData("a/../../escape.json")]
    [InlineData("a\\..\\escape.json")]
    [InlineData("C:/escape.json")]
    [InlineData("a/./escape.json")]
    [InlineData("")]
    public async Task A_name_that_leads_out_of_the_folder_is_refused_before_anything_is_fetched(string name)
    {
        _hub.With("evil.json", "{}"u8.ToArray()).Describe = (path, entry) =>
        {
            if (path == "evil.json")
                entry["rfilename"] = name;
            return entry;
        };
        using var store = Store();

        await store.Invoking(s => s.ResolveAsync(Model)).Should().ThrowAsync<OnnxModelException>().WithMessage("*could lead out*");
        _hub.Requests.Should().HaveCount(1);
    }

    [Theory]
    [InlineData("../model", null, "main")]
    [InlineData("a/b/c", null, "main")]
    [InlineData("org/a..b", null, "main")]
    [InlineData("org/model", "../model.onnx", "main")]
    [InlineData("org/model", "model.bin", "main")]
    [InlineData("org/model", null, "../main")]
    [InlineData("org/model", null, "a?b")]
    public async Task Ids_and_names_are_checked(string model, string? file, string revision)
    {
        using var store = Store();

        await store.Invoking(s => s.ResolveAsync(model, file, revision)).Should().ThrowAsync<ArgumentException>();
        _hub.Requests.Should().BeEmpty();
    }

    [Fact]
    public async Task Offline_uses_the_cache_or_says_what_is_missing()
    {
        using var offline = new ModelStore(new() { CacheFolder = _cache, Endpoint = _hub.Endpoint, Offline = true });
        await offline.Invoking(s => s.ResolveAsync(Model)).Should().ThrowAsync<OnnxModelException>().WithMessage("*org/some-model*offline*");
        _hub.Requests.Should().BeEmpty();

        using var online = Store();
        var folder = await online.ResolveAsync(Model);
        var asked = _hub.Requests.Count;

        (await offline.ResolveAsync(Model)).Should().Be(folder);
        (await online.ResolveAsync(Model, revision: FakeHub.Commit)).Should().Be(folder);
        _hub.Requests.Should().HaveCount(asked, "a commit never changes");
    }

    [Fact]
    public async Task Stores_that_want_one_model_at_once_fetch_it_once()
    {
        _hub.Fault = (_, path, _) =>
        {
            if (path.EndsWith("model.onnx", StringComparison.Ordinal))
                Thread.Sleep(200);
            return false;
        };
        using var first = Store();
        using var second = Store();

        var folders = await Task.WhenAll(first.ResolveAsync(Model), second.ResolveAsync(Model), first.ResolveAsync(Model));

        folders.Distinct().Should().HaveCount(1);
        _hub.Asked("model.onnx").Should().Be(1);
    }

    [Fact]
    public async Task The_token_is_sent()
    {
        using var store = new ModelStore(new() { CacheFolder = _cache, Endpoint = _hub.Endpoint, Offline = false, Token = "hf_secret" });

        await store.ResolveAsync(Model);

        _hub.Requests.Should().OnlyContain(request => request.Authorization == "Bearer hf_secret");
    }

    [Fact]
    public async Task The_token_does_not_follow_to_another_host()
    {
        using var other = new FakeHub().WithModel();
        _hub.Fault = (context, path, _) =>
        {
            if (!path.EndsWith("model.onnx", StringComparison.Ordinal))
                return false;
            context.Response.RedirectLocation = new Uri(other.Endpoint, path).AbsoluteUri;
            FakeHub.Reply(context, 302, []);
            return true;
        };
        using var store = new ModelStore(new() { CacheFolder = _cache, Endpoint = _hub.Endpoint, Offline = false, Token = "hf_secret" });

        await store.ResolveAsync(Model);

        other.Requests.Should().ContainSingle().Which.Authorization.Should().BeNull();
    }

    [Theory]
    [InlineData(404, "*404*HF_TOKEN*")]
    [InlineData(401, "*401*HF_TOKEN*")]
    [InlineData(403, "*403*terms*")]
    public async Task Refusals_name_the_remedy_and_are_not_tried_again(int status, string message)
    {
        _hub.Fault = (context, _, _) =>
        {
            FakeHub.Reply(context, status, []);
            return true;
        };
        using var store = Store();

        await store.Invoking(s => s.ResolveAsync(Model)).Should().ThrowAsync<OnnxModelException>().WithMessage(message);
        _hub.Requests.Should().HaveCount(1);
    }

    [Fact]
    public async Task A_model_without_the_graph_names_those_that_it_has()
    {
        _hub.With("onnx/model_quantized.onnx", FakeHub.Content(100, 3));
        using var store = Store();

        await store.Invoking(s => s.ResolveAsync(Model, "onnx/model_int4.onnx")).Should().ThrowAsync<OnnxModelException>().WithMessage("*no onnx/model_int4.onnx*onnx/model_quantized.onnx*");
        Files(await store.ResolveAsync(Model, "onnx/model_quantized.onnx")).Should().Contain("onnx/model_quantized.onnx").And.NotContain("onnx/model.onnx");
    }

    [Fact]
    public async Task A_graph_s_data_comes_with_it()
    {
        _hub.With("onnx/model.onnx_data", FakeHub.Content(5000, 4)).With("onnx/other.onnx_data", FakeHub.Content(5000, 5));
        using var store = Store();

        Files(await store.ResolveAsync(Model)).Should().Contain("onnx/model.onnx_data").And.NotContain("onnx/other.onnx_data");
    }

    [Fact]
    public async Task A_dense_layer_s_weights_come_with_it_and_the_network_s_own_do_not()
    {
        _hub.With("2_Dense/config.json", "{}"u8.ToArray()).With("2_Dense/model.safetensors", FakeHub.Content(100, 3)).With("model.safetensors", FakeHub.Content(1000, 4));
        using var store = Store();

        var folder = await store.ResolveAsync(Model);

        Files(folder).Should().Contain(["2_Dense/config.json", "2_Dense/model.safetensors"]).And.NotContain("model.safetensors");
    }

    [Fact]
    public async Task Cancellation_stops_a_download()
    {
        using var cancelling = new CancellationTokenSource();
        _hub.Fault = (_, path, _) =>
        {
            if (path.EndsWith("model.onnx", StringComparison.Ordinal))
                cancelling.Cancel();
            return false;
        };
        using var store = Store();

        await store.Invoking(s => s.ResolveAsync(Model, cancellationToken: cancelling.Token)).Should().ThrowAsync<OperationCanceledException>();
        Files(_cache).Should().NotContain(file => file.EndsWith("/some-model/onnx/model.onnx", StringComparison.Ordinal));
    }

    private ModelStore Store(ResiliencePipeline? resilience = null) => new(new()
    {
        CacheFolder = _cache,
        Endpoint = _hub.Endpoint,
        Offline = false,
        Token = "",
        Resilience = resilience ?? new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<IOException>(),
            MaxRetryAttempts = 4,
            Delay = TimeSpan.Zero,
        }).Build(),
    });

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'));

    private sealed class Reports(List<ModelDownloadProgress> reports) : IProgress<ModelDownloadProgress>
    {
        public void Report(ModelDownloadProgress value) => reports.Add(value);
    }
}

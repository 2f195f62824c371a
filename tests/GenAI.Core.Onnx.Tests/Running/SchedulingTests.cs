using GenAI.Core.Onnx.Tests.Graphs;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Onnx.Tests.Running;

public class SchedulingTests
{
    private static readonly BertWeights Weights = new(BertShape.Small);

    [Fact]
    public async Task Batches_have_texts_of_like_length_and_little_padding()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path, new() { MaxBatchTokens = 512 });
        var before = generator.Statistics;

        await generator.GenerateAsync(Texts.Mixed(1000));

        var (texts, tokens, padded, batches, _) = generator.Statistics;
        (texts - before.Texts).Should().Be(1000);
        ((padded - before.PaddedTokens) / (double)(tokens - before.Tokens)).Should().BeLessThan(1.03);
        (batches - before.Batches).Should().BeLessThan(120);
    }

    [Fact]
    public async Task Concurrent_callers_get_their_own_vectors_and_share_batches()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path, new() { BatchDelay = TimeSpan.FromMilliseconds(20), Workers = 2 });
        var texts = Texts.Mixed(64, maxWords: 10);
        var expected = await generator.GenerateAsync(texts);
        var before = generator.Statistics.Batches;

        var vectors = await Task.WhenAll(texts.Select(text => Task.Run(() => generator.GenerateVectorAsync(text))));

        for (var i = 0; i < texts.Length; i++)
            Arithmetic.GreatestDifference(vectors[i].Span, expected[i].Vector.Span).Should().BeLessThan(1e-5f);
        (generator.Statistics.Batches - before).Should().BeLessThan(48);
    }

    [Fact]
    public async Task A_lone_caller_does_not_wait_for_company()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path, new() { BatchDelay = TimeSpan.FromSeconds(1) });
        await generator.GenerateVectorAsync("warm");
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        // 100 waits of a second each would not end before the token does.
        for (var i = 0; i < 100; i++)
            await generator.GenerateVectorAsync("the office", cancellationToken: soon.Token);
    }

    [Fact]
    public async Task Many_texts_go_through_in_parts_with_their_order_kept()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var texts = Texts.Mixed(5000, maxWords: 6);

        var embeddings = await generator.GenerateAsync(texts.Select(text => text));

        embeddings.Count.Should().Be(texts.Length);
        embeddings.Usage!.InputTokenCount.Should().Be(texts.Sum(text => WordPieceReference.Encode(text).Length));
        foreach (var i in new[] { 0, 2047, 2048, 4095, 4096, 4999 })
        {
            var alone = await generator.GenerateVectorAsync(texts[i]);
            Arithmetic.GreatestDifference(embeddings[i].Vector.Span, alone.Span).Should().BeLessThan(1e-5f);
        }
    }

    [Fact]
    public async Task A_stream_is_read_only_so_far_ahead()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var read = 0;

        var taken = 0;
        await foreach (var embedding in generator.GenerateStreamingAsync(Source()))
        {
            embedding.Vector.Length.Should().Be(32);
            taken++;
            (read - taken).Should().BeLessThanOrEqualTo(3 * 2048);
            if (taken == 10_000)
                break;
        }

        read.Should().BeLessThan(20_000);

        async IAsyncEnumerable<string> Source()
        {
            await Task.Yield();
            while (true)
            {
                read++;
                yield return "the office";
            }
        }
    }

    [Fact]
    public async Task Texts_of_a_slow_stream_do_not_wait_for_others()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var gate = new SemaphoreSlim(1);
        var count = 0;

        // The source gives the next text only when the vector of the one before has been taken: waiting for a part to fill would be waiting for ever.
        await foreach (var embedding in generator.GenerateStreamingAsync(Source()))
        {
            embedding.Vector.Length.Should().Be(32);
            gate.Release();
            count++;
        }

        count.Should().Be(5);

        async IAsyncEnumerable<string> Source()
        {
            for (var i = 0; i < 5; i++)
            {
                await gate.WaitAsync();
                yield return "the office opens";
            }
        }
    }

    [Fact]
    public async Task A_stream_gives_the_same_vectors_as_a_list()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        var texts = Texts.Mixed(3000, maxWords: 8);
        var expected = await generator.GenerateAsync(texts);

        var i = 0;
        await foreach (var embedding in generator.GenerateStreamingAsync(texts.ToAsyncEnumerable()))
            Arithmetic.GreatestDifference(embedding.Vector.Span, expected[i++].Vector.Span).Should().BeLessThan(1e-5f);

        i.Should().Be(texts.Length);
    }

    [Fact]
    public async Task Cancellation_ends_a_call_and_not_the_generator()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        using var generator = new OnnxEmbeddingGenerator(folder.Path);
        using var cancelling = new CancellationTokenSource();

        var running = generator.GenerateAsync(Endless(cancelling), cancellationToken: cancelling.Token);

        await running.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        (await generator.GenerateVectorAsync("the office")).Length.Should().Be(32);
        await generator.Invoking(g => g.GenerateAsync(["a"], cancellationToken: cancelling.Token)).Should().ThrowAsync<OperationCanceledException>();

        static IEnumerable<string> Endless(CancellationTokenSource cancelling)
        {
            for (var i = 0; ; i++)
            {
                if (i == 5000)
                    cancelling.Cancel();
                yield return "the office opens";
            }
        }
    }

    [Fact]
    public async Task Disposing_ends_calls_that_wait_with_an_error()
    {
        using var folder = ModelFolderWriter.SentenceModel(Weights);
        var generator = new OnnxEmbeddingGenerator(folder.Path, new() { MaxBatchTexts = 1 });
        var running = generator.GenerateAsync(Texts.Mixed(2000));
        while (generator.Statistics.Batches < 5)
            await Task.Yield();

        generator.Dispose();

        await running.Invoking(task => task).Should().ThrowAsync<ObjectDisposedException>();
        await generator.Invoking(g => g.GenerateAsync(["a"])).Should().ThrowAsync<ObjectDisposedException>();
    }
}

using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GenAI.Core.Embeddings;
using GenAI.Core.Tests.Storage;
using GenAI.Core.VectorStores;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Embeddings;

public sealed class StaticEmbeddingGeneratorTests : IDisposable
{
    private static readonly string[] Samples =
    [
        "A quick automobile waits while physicians cure the dog.",
        "fox fox fox dog dog ocean",
        "unheardofword GetWindowText immunotherapy 42 3.14 X1B9",
        "Die Straßenbahn fährt über die Brücke; naïve café, Œuvre",
        "東京へ行く。인공지능 สวัสดีชาวโลก",
        string.Concat(Enumerable.Repeat("boats carry passengers and programs compute numbers for engineers ", 200)),
    ];

    private static readonly string[] Nothing = ["", " \t\r\n\0", "... !!! —", "🙂🙂", "\uD800", "the and of"];

    private readonly TemporaryFolder _folder = new();
    private readonly StaticEmbeddingGenerator _generator;

    public StaticEmbeddingGeneratorTests() => _generator = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path));

    public void Dispose()
    {
        _generator.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(7, 3)]
    [InlineData(32, 2)]
    [InlineData(33, 1)]
    [InlineData(100, 0)]
    [InlineData(255, 2)]
    public void A_vector_is_the_weighted_sum_of_the_rows_that_the_file_holds(int rowLength, int countQuarters)
    {
        var path = SmallModels.Write(_folder.Path, SmallModels.Make(rowLength, countQuarters), "other.staticmodel");
        using var generator = new StaticEmbeddingGenerator(path);

        foreach (var text in Samples)
        {
            var expected = Reference(File.ReadAllBytes(path), text);
            var vector = Embed(text, generator);
            vector.Should().HaveCount(rowLength + 1);
            for (var i = 0; i < vector.Length; i++)
                vector[i].Should().BeApproximately((float)expected[i], 2e-6f);
        }
    }

    [Fact]
    public void The_same_texts_give_the_same_bytes_on_every_machine()
    {
        using var generator = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path, SmallModels.Make(255, countQuarters: 3), "other.staticmodel"));
        var bytes = Samples.Concat(Nothing).SelectMany(text => MemoryMarshal.AsBytes<float>(Embed(text, generator)).ToArray()).ToArray();

        Convert.ToHexString(SHA256.HashData(bytes))[..20].Should().Be("5E50517EA47E0F3590AF");
    }

    [Fact]
    public void Vectors_have_unit_length_and_a_half_in_front()
    {
        foreach (var text in Samples)
        {
            TensorPrimitives.Norm<float>(Embed(text)).Should().BeApproximately(1, 1e-6f);
            Embed(text)[0].Should().Be(0.5f);
        }
    }

    [Fact]
    public void A_text_without_a_token_comes_after_every_other_whatever_the_query()
    {
        // Rows that point away from each other as far as they can: the worst case.
        var model = SmallModels.Make(rowLength: 1);
        for (var i = 0; i < model.Rows.Length; i++)
            model.Rows[i] = i % 2 == 0 ? 1 : -1;
        using var opposed = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path, model, "opposed.staticmodel"));
        var words = SmallModels.Text.Split(' ');

        foreach (var generator in new[] { _generator, opposed })
        {
            foreach (var nothing in Nothing)
            {
                var vector = Embed(nothing, generator);
                vector[0].Should().Be(-1);
                vector.AsSpan(1).ToArray().Should().OnlyContain(value => value == 0);
                foreach (var query in words.Select(word => Embed(word, generator)).Where(query => query[0] > 0))
                {
                    var last = TensorPrimitives.Dot<float>(query, vector);
                    foreach (var text in Samples.Concat(words).Select(text => Embed(text, generator)).Where(text => text[0] > 0))
                        TensorPrimitives.Dot<float>(query, text).Should().BeGreaterThanOrEqualTo(last - 1e-6f);
                }
            }
        }
    }

    [Fact]
    public async Task A_store_takes_a_text_without_a_token_and_ranks_it_last()
    {
        using var knowledgeBase = new KnowledgeBase(new KnowledgeBaseOptions { EmbeddingGenerator = _generator });
        await knowledgeBase.IngestAsync(Samples.Append("🙂🙂 — !!!").Select((text, i) => new Document { Id = $"{i}", Text = text }));

        foreach (var query in Samples)
        {
            var found = await knowledgeBase.SearchAsync(query, top: 100, new SearchOptions { Mode = RetrievalMode.Vector });
            found[^1].Chunk.DocumentId.Should().Be($"{Samples.Length}");
        }

        (await knowledgeBase.SearchAsync("🙂", top: 3)).Should().NotBeNull("a query without a token is no mistake");
    }

    [Fact]
    public async Task Shorter_vectors_are_the_beginning_made_unit_length_again()
    {
        var whole = Embed(Samples[0]);
        using var shorter = new StaticEmbeddingGenerator(Path.Combine(_folder.Path, "test.staticmodel"), new StaticEmbeddingOptions { Dimensions = 8 });
        var rest = whole.AsSpan(1, 7).ToArray();
        TensorPrimitives.Multiply(rest, MathF.Sqrt(0.75f) / TensorPrimitives.Norm<float>(rest), rest);

        var asked = (await _generator.GenerateAsync([Samples[0]], new EmbeddingGenerationOptions { Dimensions = 8 }))[0].Vector.ToArray();

        asked.Should().Equal(Embed(Samples[0], shorter));
        asked[0].Should().Be(0.5f);
        for (var i = 0; i < rest.Length; i++)
            asked[i + 1].Should().BeApproximately(rest[i], 1e-6f);
        EmbedderFingerprint.Of(shorter).Dimensions.Should().Be(8);
    }

    [Fact]
    public async Task Threads_and_the_texts_before_make_no_difference()
    {
        var alone = Samples.Select(text => Embed(text, new StaticEmbeddingGenerator(Path.Combine(_folder.Path, "test.staticmodel")))).ToArray();

        await Parallel.ForAsync(0, 400, (i, _) =>
        {
            Embed(Samples[i % Samples.Length]).Should().Equal(alone[i % Samples.Length]);
            return ValueTask.CompletedTask;
        });
        var batch = await _generator.GenerateAsync(Samples);
        batch.Select(embedding => embedding.Vector.ToArray()).Should().BeEquivalentTo(alone, options => options.WithStrictOrdering());
    }

    [Fact]
    public void Embedding_allocates_nothing()
    {
        var vector = new float[_generator.Dimensions];
        foreach (var text in Samples)
            _generator.Embed(text, vector);

        // Without optimisation, the loop over runs of scripts without spaces boxes.
        foreach (var text in Samples.Where(text => !text.Contains('東', StringComparison.Ordinal)))
        {
            Allocations.Least(() =>
            {
                for (var i = 0; i < 100; i++)
                    _generator.Embed(text, vector);
            }).Should().Be(0, text);
        }
    }

    [Fact]
    public void The_fingerprint_names_the_model_and_hashes_its_content()
    {
        var fingerprint = EmbedderFingerprint.Of(_generator);
        using var same = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path, name: "copy.staticmodel"));
        using var other = new StaticEmbeddingGenerator(SmallModels.Write(_folder.Path, SmallModels.Make(seed: 8), "other.staticmodel"));

        fingerprint.ModelId.Should().Be("test-model-1");
        fingerprint.Dimensions.Should().Be(16);
        fingerprint.IsNormalized.Should().BeTrue();
        EmbedderFingerprint.Of(same).Should().Be(fingerprint);
        EmbedderFingerprint.Of(other).ContentHash.Should().NotBe(fingerprint.ContentHash);
    }

    [Fact]
    public void Metadata_and_properties_are_the_models()
    {
        var metadata = (EmbeddingGeneratorMetadata)_generator.GetService(typeof(EmbeddingGeneratorMetadata))!;

        metadata.DefaultModelDimensions.Should().Be(16);
        metadata.DefaultModelId.Should().Be("test-model-1");
        _generator.Properties.Should().Contain("licence", "MIT").And.Contain("card", "# Für Tests\n").And.Contain("name", "test-model").And.Contain("version", "1");
        _generator.GetService(typeof(StaticEmbeddingGenerator)).Should().BeSameAs(_generator);
        _generator.GetService(typeof(StaticEmbeddingGenerator), "key").Should().BeNull();
        _generator.GetService(typeof(string)).Should().BeNull();
    }

    [Fact]
    public async Task Mistakes_are_named()
    {
        await FluentActions.Awaiting(() => _generator.GenerateAsync(["fine", null!])).Should().ThrowAsync<ArgumentException>().WithMessage("*Text 1 is null*");
        await FluentActions.Awaiting(() => _generator.GenerateAsync(null!)).Should().ThrowAsync<ArgumentNullException>();
        await FluentActions.Awaiting(() => _generator.GenerateAsync(["fine"], new EmbeddingGenerationOptions { Dimensions = 17 })).Should().ThrowAsync<ArgumentOutOfRangeException>().WithMessage("*test-model-1*17 dimensions*2 to 16*");
        var path = Path.Combine(_folder.Path, "test.staticmodel");
        FluentActions.Invoking(() => new StaticEmbeddingGenerator(path, new StaticEmbeddingOptions { Dimensions = 1 })).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new StaticEmbeddingGenerator(path, new StaticEmbeddingOptions { MaxTokens = 0 })).Should().Throw<ArgumentOutOfRangeException>();
        FluentActions.Invoking(() => new StaticEmbeddingGenerator(" ")).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => new StaticEmbeddingGenerator(path + ".absent")).Should().Throw<FileNotFoundException>().WithMessage("*absent*GenAI.Core.Models.Small*");
    }

    [Fact]
    public async Task Cancellation_stops_between_texts()
    {
        using var stop = new CancellationTokenSource();
        IEnumerable<string> Texts()
        {
            yield return "one";
            stop.Cancel();
            yield return "two";
        }

        await FluentActions.Awaiting(() => _generator.GenerateAsync(Texts(), cancellationToken: stop.Token)).Should().ThrowAsync<OperationCanceledException>();
        (await _generator.GenerateAsync(["works again"])).Should().HaveCount(1);
    }

    [Fact]
    public void A_long_text_without_spaces_is_embedded()
    {
        TensorPrimitives.Norm<float>(Embed(new string('x', 2_000_000))).Should().BeApproximately(1, 1e-6f);
    }

    [Fact]
    public async Task It_can_be_disposed_of_while_it_works()
    {
        var generator = new StaticEmbeddingGenerator(Path.Combine(_folder.Path, "test.staticmodel"));
        var expected = Embed(Samples[5], generator);
        var workers = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var vector = new float[generator.Dimensions];
            try
            {
                while (true)
                {
                    generator.Embed(Samples[5], vector);
                    vector.Should().Equal(expected);
                }
            }
            catch (ObjectDisposedException)
            {
                return true;
            }
        })).ToArray();

        await Task.Delay(20);
        generator.Dispose();
        generator.Dispose();

        (await Task.WhenAll(workers)).Should().OnlyContain(ended => ended);
    }

    // From the file's bytes as docs/guides/embeddings.md has them, in double precision.
    private static double[] Reference(byte[] file, string text)
    {
        int Int(int offset) => BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(offset));
        float Single(int offset) => BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(offset));
        static int Align(int offset) => (offset + 63) / 64 * 64;

        var (count, length, quarters) = (Int(12), Int(16), Int(20));
        var vocabulary = Align(64 + Int(24));
        var scales = Align(vocabulary + Int(28));
        var weights = Align(scales + 4 * count);
        var rows = Align(weights + 4 * count);
        var tokens = new StaticTokens(count);
        StaticVocabulary.FromBytes(file.AsSpan(vocabulary, Int(28))).Tokenize(text, tokens);

        var vector = new double[length + 1];
        for (var t = 0; t < tokens.Count; t++)
        {
            var (id, times) = (tokens.Ids[t], Math.Pow(tokens.Counts[t], quarters / 4.0));
            for (var i = 0; i < length; i++)
                vector[i + 1] += times * Single(weights + 4 * id) * Single(scales + 4 * id) * (sbyte)file[rows + id * ((length + 31) / 32 * 32) + i];
        }

        var norm = Math.Sqrt(vector.Sum(value => value * value));
        for (var i = 1; i <= length; i++)
            vector[i] *= Math.Sqrt(0.75) / norm;
        vector[0] = 0.5;
        return vector;
    }

    private float[] Embed(string text, StaticEmbeddingGenerator? generator = null)
    {
        generator ??= _generator;
        var vector = new float[generator.Dimensions];
        generator.Embed(text, vector);
        return vector;
    }
}

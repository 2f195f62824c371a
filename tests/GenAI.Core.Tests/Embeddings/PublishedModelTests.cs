using System.Numerics.Tensors;
using GenAI.Core.Embeddings;
using GenAI.Core.Tests.Storage;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Embeddings;

public sealed class PublishedModelTests : IDisposable
{
    private static readonly string[] Texts = ["word", "Cat wording nonsense", "worded worded cat token x x x büro", "co coing token", "nonsense cat"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string?, string?, bool, string?, int> Kinds => new()
    {
        { "F32", null, null, true, null, 5 },
        { "F32", null, null, false, null, 17 },
        { "F16", null, null, true, null, 32 },
        { "I8", null, null, true, null, 33 },
        { "I8", null, null, false, null, 70 },
        { "F32", "F64", null, true, null, 8 },
        { "F16", "F32", "I64", false, null, 31 },
        { "I8", "F16", "I32", true, null, 5 },
        { "F32", null, null, false, "", 5 },
        { "F32", null, null, false, "0_StaticEmbedding", 5 },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Vectors_are_those_of_the_library(string type, string? weights, string? mapping, bool normalize, string? inner, int rowLength)
    {
        var model = new PublishedModel { Type = type, WeightType = weights, MappingType = mapping, Normalize = normalize, Inner = inner, RowLength = rowLength };
        using var generator = new StaticEmbeddingGenerator(model.Write(_folder.Path));

        foreach (var text in Texts)
            Same(Embed(generator, text), model.Reference(text));
        EmbedderFingerprint.Of(generator).IsNormalized.Should().Be(normalize);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(512)]
    public void Long_texts_are_cut_as_the_library_cuts_them(int maxTokens)
    {
        var model = new PublishedModel { Type = "F32" };
        using var generator = new StaticEmbeddingGenerator(model.Write(_folder.Path), new StaticEmbeddingOptions { MaxTokens = maxTokens });

        foreach (var text in new[] { "x x x cat word", "nonsense nonsense cat", "cat 𝐁𝐨𝐥𝐝 word word", string.Concat(Enumerable.Repeat("wording cat x ", 400)) + "büro" })
        {
            var expected = model.Reference(text, maxTokens);
            if (expected.Any(value => value != 0))
                Same(Embed(generator, text), expected);
        }
    }

    [Fact]
    public void A_text_without_a_token_points_away_from_the_rows()
    {
        var model = new PublishedModel { Type = "F32" };
        using var generator = new StaticEmbeddingGenerator(model.Write(_folder.Path));
        var mean = Enumerable.Range(0, 5).Select(i => (float)model.Rows.Average(row => row[i])).ToArray();

        foreach (var text in new[] { "", "nonsense", "🙂" })
        {
            TensorPrimitives.Norm<float>(Embed(generator, text)).Should().BeApproximately(1, 1e-6f);
            TensorPrimitives.CosineSimilarity<float>(Embed(generator, text), mean).Should().BeApproximately(-1, 1e-5f);
        }
    }

    [Fact]
    public async Task Vectors_can_be_shorter()
    {
        var model = new PublishedModel { Type = "F16", RowLength = 40 };
        using var generator = new StaticEmbeddingGenerator(model.Write(_folder.Path));
        var expected = model.Reference(Texts[2])[..9];
        var norm = Math.Sqrt(expected.Sum(value => value * value));

        Same((await generator.GenerateAsync([Texts[2]], new EmbeddingGenerationOptions { Dimensions = 9 }))[0].Vector.ToArray(), [.. expected.Select(value => value / norm)]);
    }

    [Fact]
    public void The_fingerprint_hashes_the_files_and_not_where_they_are()
    {
        string Write(string name, PublishedModel model)
        {
            using var generator = new StaticEmbeddingGenerator(model.Write(Path.Combine(_folder.Path, name)));
            return EmbedderFingerprint.Of(generator).ContentHash!;
        }

        var hash = Write("a", new PublishedModel { Type = "F32" });
        Write("b", new PublishedModel { Type = "F32" }).Should().Be(hash);
        Write("c", new PublishedModel { Type = "F16" }).Should().NotBe(hash);
        Write("d", new PublishedModel { Type = "F32", Normalize = false }).Should().NotBe(hash);
    }

    [Fact]
    public void A_folder_that_cannot_be_used_is_named_with_the_reason()
    {
        var folder = new PublishedModel { Type = "F32" }.Write(_folder.Path);
        var (tensors, config) = (Path.Combine(folder, "model.safetensors"), Path.Combine(folder, "config.json"));
        void Refused<T>(string message)
            where T : Exception
            => FluentActions.Invoking(() => new StaticEmbeddingGenerator(folder)).Should().Throw<T>().WithMessage(message);
        var rows = new byte[PublishedModel.Vocabulary * 8];

        void Tensors(params (string, string, int[], byte[])[] all) => File.WriteAllBytes(tensors, PublishedModel.Safetensors(all));
        Tensors(("other", "F32", [PublishedModel.Vocabulary, 2], rows));
        Refused<InvalidDataException>("*no tensor 'embeddings', but other*");
        Tensors(("embeddings", "BF16", [PublishedModel.Vocabulary, 4], rows));
        Refused<InvalidDataException>("*type BF16*quantize_to*");
        Tensors(("embeddings", "F32", [PublishedModel.Vocabulary * 2], rows));
        Refused<InvalidDataException>("*no table of rows*");
        Tensors(("embeddings", "F32", [3, 2], rows[..24]));
        Refused<InvalidDataException>("*3 rows for 10 tokens*");
        Tensors(("embeddings", "F32", [PublishedModel.Vocabulary, 2], rows), ("mapping", "I64", [PublishedModel.Vocabulary], [.. Enumerable.Repeat(BitConverter.GetBytes(99L), PublishedModel.Vocabulary).SelectMany(value => value)]));
        Refused<InvalidDataException>("*maps token 0 to row 99*");
        Tensors(("embeddings", "F32", [PublishedModel.Vocabulary, 3], rows));
        Refused<InvalidDataException>("*80 bytes for a shape that needs 120*");
        File.WriteAllBytes(tensors, []);
        Refused<InvalidDataException>("*is empty*");
        File.WriteAllText(tensors, "version https://git-lfs.github.com/spec/v1");
        Refused<InvalidDataException>("*not a safetensors file*git lfs pull*");
        File.WriteAllText(config, "{");
        Refused<InvalidDataException>("*config.json' is not JSON*");
        File.Delete(config);
        Refused<FileNotFoundException>("*needs model.safetensors, tokenizer.json and config.json*");
    }

    [Fact]
    public void A_forged_tensor_file_is_refused_or_read_within_its_bounds()
    {
        var folder = new PublishedModel { Type = "F32", WeightType = "F32", MappingType = "I32" }.Write(_folder.Path);
        var path = Path.Combine(folder, "model.safetensors");
        var original = File.ReadAllBytes(path);
        var mutator = new ByteMutator(seed: 5);
        var taken = 0;
        for (var i = 0; i < 400; i++)
        {
            File.WriteAllBytes(path, mutator.Mutate(original));
            try
            {
                using var generator = new StaticEmbeddingGenerator(folder);
                foreach (var text in Texts)
                    Embed(generator, text);
                taken++;
            }
            catch (InvalidDataException)
            {
            }
        }

        taken.Should().BeGreaterThan(10);
    }

    private static void Same(float[] vector, double[] expected)
    {
        vector.Should().HaveCount(expected.Length);
        for (var i = 0; i < expected.Length; i++)
            vector[i].Should().BeApproximately((float)expected[i], 2e-6f * (float)Math.Max(1, expected.Max(Math.Abs)));
    }

    private static float[] Embed(StaticEmbeddingGenerator generator, string text)
    {
        var vector = new float[generator.Dimensions];
        generator.Embed(text, vector);
        return vector;
    }
}

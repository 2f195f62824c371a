using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using GenAI.Core.Embeddings;
using Microsoft.Extensions.AI;

namespace GenAI.Core.Tests.Embeddings;

public class LexicalEmbeddingGeneratorTests
{
    private static readonly LexicalEmbeddingGenerator Generator = new();

    private static readonly string[] Samples =
    [
        "The quick brown fox jumps over the lazy dog.",
        "Die Straßenbahn fährt über die Brücke; naïve café, Œuvre, Łódź!",
        "Быстрая коричневая лиса прыгает через ленивую собаку",
        "東京へ行く。人工知能は計算機科学の一分野である。",
        "مرحبا بالعالم ٢٠٢٤ हिन्दी भाषा สวัสดีชาวโลก 한국어 문장",
        "x = max_tokens * 3.14; // System.Text.Json 𝐁𝐨𝐥𝐝 \uD800",
        "",
        string.Concat(Enumerable.Repeat("repeat repeated repeating the words and words again ", 200)),
    ];

    [Fact]
    public void The_same_texts_give_the_same_bytes_on_every_machine()
    {
        var bytes = Samples.SelectMany(text => MemoryMarshal.AsBytes<float>(Embed(text)).ToArray()).ToArray();

        Convert.ToHexString(SHA256.HashData(bytes)).Should().Be("278AC55DE088572F4DAFEC2701A5FE9B5516E55740757036059D539904AC3B2E");
    }

    [Fact]
    public void Vectors_have_unit_length()
    {
        foreach (var text in Samples)
            TensorPrimitives.Norm<float>(Embed(text)).Should().BeApproximately(1, 1e-5f);
    }

    [Fact]
    public async Task Threads_and_the_texts_before_make_no_difference()
    {
        var alone = Samples.Select(text => new LexicalEmbeddingGenerator()).Zip(Samples, (generator, text) => Embed(text, generator)).ToArray();

        await Parallel.ForAsync(0, 400, (i, _) =>
        {
            Embed(Samples[i % Samples.Length]).Should().Equal(alone[i % Samples.Length]);
            return ValueTask.CompletedTask;
        });
        var batch = await Generator.GenerateAsync(Samples);
        batch.Select(embedding => embedding.Vector.ToArray()).Should().BeEquivalentTo(alone, options => options.WithStrictOrdering());
    }

    [Theory]
    [InlineData("The runners were running", "A runner runs")]
    [InlineData("accommodation in Munich", "acommodation in Munich")]
    [InlineData("CAFÉ Straße", "cafe strasse")]
    [InlineData("neural network training", "training of neural networks")]
    public void Word_forms_typing_errors_and_accents_stay_close(string text, string variant)
    {
        const string Other = "Quarterly tax declarations are due in April";

        Similarity(text, variant).Should().BeGreaterThan(0.5f).And.BeGreaterThan(Similarity(text, Other) + 0.3f);
    }

    [Fact]
    public void Neighbouring_words_count()
    {
        Similarity("machine learning for sound and vision systems", "machine learning").Should()
            .BeGreaterThan(Similarity("machine vision for sound and learning systems", "machine learning"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n\0")]
    [InlineData("... !!! —")]
    public void A_text_without_words_has_a_fixed_vector(string text)
    {
        var vector = Embed(text);

        vector[0].Should().Be(1);
        vector.AsSpan(1).ToArray().Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public async Task A_call_can_ask_for_another_number_of_dimensions()
    {
        var embeddings = await Generator.GenerateAsync(["some words"], new EmbeddingGenerationOptions { Dimensions = 64 });

        embeddings[0].Vector.Length.Should().Be(64);
        embeddings[0].Vector.ToArray().Should().Equal(Embed("some words", new LexicalEmbeddingGenerator(new LexicalEmbeddingOptions { Dimensions = 64 })));
    }

    [Fact]
    public void Metadata_tells_the_dimensions()
    {
        using var generator = new LexicalEmbeddingGenerator(new LexicalEmbeddingOptions { Dimensions = 128 });

        var metadata = (EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!;
        metadata.DefaultModelDimensions.Should().Be(128);
        metadata.DefaultModelId.Should().NotBeNullOrEmpty();
        generator.GetService(typeof(LexicalEmbeddingGenerator)).Should().BeSameAs(generator);
        generator.GetService(typeof(IEmbeddingGenerator<string, Embedding<float>>)).Should().BeSameAs(generator);
        generator.GetService(typeof(LexicalEmbeddingGenerator), "key").Should().BeNull();
        generator.GetService(typeof(string)).Should().BeNull();
    }

    [Fact]
    public async Task Mistakes_are_named()
    {
        await FluentActions.Awaiting(() => Generator.GenerateAsync(["fine", null!])).Should().ThrowAsync<ArgumentException>().WithMessage("*Text 1 is null*");
        await FluentActions.Awaiting(() => Generator.GenerateAsync(null!)).Should().ThrowAsync<ArgumentNullException>();
        await FluentActions.Awaiting(() => Generator.GenerateAsync(["fine"], new EmbeddingGenerationOptions { Dimensions = 3 })).Should().ThrowAsync<ArgumentOutOfRangeException>().WithMessage("*3 dimensions*32 to 16384*");
        FluentActions.Invoking(() => new LexicalEmbeddingGenerator(new LexicalEmbeddingOptions { Dimensions = 1_000_000 })).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*1000000 dimensions*");
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

        await FluentActions.Awaiting(() => Generator.GenerateAsync(Texts(), cancellationToken: stop.Token)).Should().ThrowAsync<OperationCanceledException>();
        (await Generator.GenerateAsync(["works again"])).Should().HaveCount(1);
    }

    [Fact]
    public void A_long_text_without_spaces_is_embedded()
    {
        TensorPrimitives.Norm<float>(Embed(new string('x', 2_000_000))).Should().BeApproximately(1, 1e-5f);
    }

    private static float Similarity(string a, string b) => TensorPrimitives.Dot<float>(Embed(a), Embed(b));

    private static float[] Embed(string text, LexicalEmbeddingGenerator? generator = null)
    {
        generator ??= Generator;
        var vector = new float[generator.Dimensions];
        generator.Embed(text, vector);
        return vector;
    }
}

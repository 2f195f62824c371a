using CsCheck;
using GenAI.Core.Ingestion;

namespace GenAI.Core.Tests.Ingestion;

public class NearDuplicateTests
{
    [Fact]
    public void The_estimated_similarity_is_close_to_the_exact_one() =>
        Gen.Select(Gen.Int[0, 100_000], Gen.Double[0, 0.3], Gen.Int[20, 600]).Holds(200, (seed, rate, length) =>
        {
            var random = new Random(seed);
            var words = Enumerable.Range(0, length).Select(_ => $"w{random.Next(5_000)}").ToArray();
            var changed = words.Select(word => random.NextDouble() < rate ? $"x{random.Next(5_000)}" : word).ToArray();

            var similarity = MinHash.Similarity(MinHash.Sketch(string.Join(' ', words)), MinHash.Sketch(string.Join(", ", changed)));

            // 4.5 standard deviations of 128 draws: one value in 150,000 is outside by chance.
            var exact = Jaccard(words, changed);
            similarity.Should().BeApproximately(exact, 4.5 * Math.Sqrt(Math.Max(exact * (1 - exact), 1.0 / 128) / 128));
        });

    [Theory]
    [InlineData("The Café opens at SEVEN, in the morning!", "the cafe opens at seven in the morning", 1)]
    [InlineData("one", "one", 1)]
    [InlineData("one two", "ONE - two", 1)]
    [InlineData("one two", "two one", 0)]
    [InlineData("", "", 1)]
    public void Words_count_not_how_they_are_written(string a, string b, double similarity) =>
        MinHash.Similarity(MinHash.Sketch(a), MinHash.Sketch(b)).Should().BeApproximately(similarity, 0.05);

    [Fact]
    public async Task Near_duplicates_are_reported_and_stored()
    {
        using var store = new IngestedStore(new IngestionOptions { NearDuplicates = new() });

        var summary = await store.IngestAsync(Text("a"), Text("other", seed: 7), Text("b", changed: 2), Text("c", changed: 120));

        summary.Added.Should().Be(4);
        var pair = summary.NearDuplicates.Should().ContainSingle().Subject;
        pair.Should().BeEquivalentTo(new { DocumentId = "b", OtherDocumentId = "a", WasLeftOut = false });
        pair.Similarity.Should().BeInRange(0.9, 1);
        pair.ToString().Should().StartWith("b repeats a (0.9");
    }

    [Fact]
    public async Task Near_duplicates_are_left_out_until_the_other_one_is_gone()
    {
        var options = new IngestionOptions { NearDuplicates = new() { LeaveOut = true } };
        using var store = new IngestedStore(options);
        await store.IngestAsync(Text("a"));

        // Another pipeline: what it compares with comes from the store.
        var leftOut = await store.PipelineWith(options: options).IngestAsync(new[] { Text("b", changed: 1), Text("c", changed: 2) }.ToAsyncEnumerable());
        await store.Pipeline.RemoveAsync("a");
        var back = await store.IngestAsync(Text("b", changed: 1), Text("c", changed: 2));

        leftOut.Should().BeEquivalentTo(new { Documents = 2, LeftOut = 2, Added = 0, ChunksWritten = 0, ChunksEmbedded = 0 });
        leftOut.NearDuplicates.Should().OnlyContain(pair => pair.OtherDocumentId == "a" && pair.WasLeftOut);
        back.Should().BeEquivalentTo(new { LeftOut = 1, Added = 1 });
        (await store.AllAsync()).Select(record => record.DocumentId).Distinct().Should().Equal("b");
    }

    [Fact]
    public async Task A_document_that_became_a_near_duplicate_is_removed_where_they_are_left_out()
    {
        using var store = new IngestedStore(new IngestionOptions { NearDuplicates = new() { LeaveOut = true } });
        await store.IngestAsync(Text("a"), Text("b", seed: 7));

        var summary = await store.IngestAsync(Text("a"), Text("b", changed: 1));

        summary.Should().BeEquivalentTo(new { Unchanged = 1, LeftOut = 1 });
        (await store.AllAsync()).Should().OnlyContain(record => record.DocumentId == "a");
    }

    [Fact]
    public async Task A_document_is_no_duplicate_of_its_own_earlier_version()
    {
        using var store = new IngestedStore(new IngestionOptions { NearDuplicates = new() { LeaveOut = true } });
        await store.IngestAsync(Text("a"));

        (await store.IngestAsync(Text("a", changed: 1))).Should().BeEquivalentTo(new { Updated = 1, LeftOut = 0 });
    }

    [Fact]
    public async Task Documents_from_before_it_was_switched_on_are_sketched_without_embedding_them()
    {
        using var store = new IngestedStore();
        await store.IngestAsync(Text("a"));

        var summary = await store.PipelineWith(options: new IngestionOptions { NearDuplicates = new() }).IngestAsync(new[] { Text("a"), Text("b", changed: 1) }.ToAsyncEnumerable());

        summary.Should().BeEquivalentTo(new { Updated = 1, Added = 1 });
        summary.NearDuplicates.Should().ContainSingle().Which.OtherDocumentId.Should().Be("a");
    }

    [Theory]
    [InlineData(0.49)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_threshold_out_of_range_is_refused(double threshold) =>
        FluentActions.Invoking(() => new NearDuplicateOptions { Threshold = threshold }).Should().Throw<ArgumentOutOfRangeException>().WithMessage($"*{threshold}*");

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.7)]
    [InlineData(0.8)]
    [InlineData(1)]
    public async Task Bands_let_no_pair_at_any_threshold_slip(double threshold)
    {
        using var store = new IngestedStore(new IngestionOptions { NearDuplicates = new() { Threshold = threshold } });
        var originals = Enumerable.Range(0, 40).Select(i => Text($"{i}", seed: 100 + i)).ToArray();
        var copies = Enumerable.Range(0, 40).Select(i => Text($"copy {i}", seed: 100 + i, changed: threshold == 1 ? 0 : i)).ToArray();
        await store.IngestAsync(originals);

        var summary = await store.IngestAsync(copies);

        // Every pair whose sketches are similar enough, found by comparing all.
        var expected = copies.Select((copy, i) => (copy.Id, Similarity: MinHash.Similarity(MinHash.Sketch(copy.Text), MinHash.Sketch(originals[i].Text)))).Where(pair => pair.Similarity >= threshold).Select(pair => pair.Id).ToList();
        expected.Should().NotBeEmpty();
        summary.NearDuplicates.Select(pair => pair.DocumentId).Should().Equal(expected);
    }

    private static Document Text(string id, int seed = 1, int changed = 0)
    {
        var random = new Random(seed);
        var words = Enumerable.Range(0, 300).Select(_ => $"word{random.Next(1_000)}").ToArray();
        for (var i = 0; i < changed; i++)
            words[(7 + (i * 11)) % 300] = $"new{i}";
        return Documents.Of(id, string.Join(' ', words));
    }

    private static double Jaccard(string[] a, string[] b)
    {
        var (first, second) = (Sequences(a), Sequences(b));
        var both = first.Count(second.Contains);
        return (double)both / (first.Count + second.Count - both);

        static HashSet<string> Sequences(string[] words) => [.. Enumerable.Range(0, words.Length - 2).Select(i => string.Join(' ', words[i..(i + 3)]))];
    }
}

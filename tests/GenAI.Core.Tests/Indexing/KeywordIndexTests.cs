using CsCheck;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class KeywordIndexTests
{
    private static readonly string[] Vocabulary = ["alpha", "beta", "gamma", "delta", "kappa", "lambda", "omega", "sigma", "theta", "zeta"];

    [Fact]
    public void A_search_ranks_texts_by_the_formula_of_BM25()
    {
        using var index = new KeywordIndex();
        index.Upsert(1, "The cat sat on the mat");
        index.Upsert(2, "Cats and cats, and more cats");
        index.Upsert(3, "Dogs bark");
        var results = new KeywordMatch[10];

        index.Search("cat", results).Should().Be(2);

        // Terms after stop words: 3 (cat sat mat), 3 (cat cat cat), 2 (dog bark); average 8/3; 2 of 3 texts have "cat".
        var idf = Math.Log(1 + (3 - 2 + 0.5) / (2 + 0.5));
        var norm = 1.2 * (1 - 0.75 + 0.75 * 3 / (8 / 3.0));
        results[0].Id.Should().Be(2);
        results[0].Score.Should().BeApproximately((float)(idf * 2.2 * 3 / (3 + norm)), 1e-6f);
        results[1].Id.Should().Be(1);
        results[1].Score.Should().BeApproximately((float)(idf * 2.2 * 1 / (1 + norm)), 1e-6f);
    }

    [Fact]
    public void After_any_changes_a_search_agrees_with_scoring_every_text_by_hand()
    {
        var text = Gen.Int[0, 9].Select(i => Vocabulary[i]).Array[0, 12].Select(words => string.Join(' ', words));
        var change = Gen.Select(Gen.Long[0, 40], text, Gen.Int[0, 3]);
        Gen.Select(change.Array[0, 120], text, Gen.Int[1, 15]).Holds(1500, (changes, query, top) =>
        {
            using var index = new KeywordIndex();
            var oracle = new Bm25Oracle();
            foreach (var (id, content, kind) in changes)
            {
                if (kind == 0)
                    index.Remove(id).Should().Be(oracle.Remove(id));
                else
                {
                    index.Upsert(id, content);
                    oracle.Upsert(id, content);
                }
            }

            index.Count.Should().Be(oracle.Count);
            oracle.AssertSame(index, query, top);
        });
    }

    [Fact]
    public void Long_lists_that_shrink_and_grow_agree_with_scoring_every_text_by_hand()
    {
        // Thousands of texts over ten words: lists of many blocks, split, merged and appended to.
        var random = new Random(7);
        using var index = new KeywordIndex();
        var oracle = new Bm25Oracle();
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 2500; i++)
            {
                var id = random.Next(3000);
                if (random.Next(3) == 0 || round == 3)
                    index.Remove(id).Should().Be(oracle.Remove(id));
                else
                {
                    var words = Enumerable.Range(0, random.Next(1, 30)).Select(_ => Vocabulary[(int)(random.NextDouble() * random.NextDouble() * 10)]);
                    var text = string.Join(' ', words) + (random.Next(100) == 0 ? " rare" + random.Next(5) : "") + (random.Next(50) == 0 ? string.Concat(Enumerable.Repeat(" sigma", 300)) : "");
                    index.Upsert(id, text);
                    oracle.Upsert(id, text);
                }
            }

            foreach (var query in (string[])["alpha", "zeta theta", "alpha beta gamma delta", "rare1 alpha", "sigma sigma omega", "rare0 rare1 rare2", "nothing"])
                oracle.AssertSame(index, query, 10);
            oracle.AssertSame(index, "alpha zeta rare3", 5000);
        }

        for (var id = 0; id < 3000; id++)
            index.Remove(id);
        index.Count.Should().Be(0);
        index.Search("alpha", new KeywordMatch[3]).Should().Be(0);
    }

    [Fact]
    public void Pruning_changes_no_result()
    {
        var random = new Random(11);
        using var index = new KeywordIndex(new KeywordIndexOptions { Analyzer = TextAnalyzer.Unicode });
        for (var id = 0; id < 20_000; id++)
            index.Upsert(id, string.Join(' ', Enumerable.Range(0, random.Next(5, 40)).Select(_ => Zipf(random))));

        var (pruned, exhaustive) = (new KeywordMatch[10], new KeywordMatch[10]);
        for (var i = 0; i < 300; i++)
        {
            var query = index.Analyze(string.Join(' ', Enumerable.Range(0, random.Next(1, 8)).Select(_ => Zipf(random))));
            var count = index.Search(query, pruned);
            index.Search(query, exhaustive, default, isExhaustive: true).Should().Be(count);
            pruned.AsSpan(0, count).SequenceEqual(exhaustive.AsSpan(0, count)).Should().BeTrue();
        }
    }

    [Fact]
    public void Results_do_not_depend_on_the_order_in_which_texts_came()
    {
        var random = new Random(3);
        var texts = Enumerable.Range(0, 500).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(1, 20)).Select(_ => Zipf(random)))).ToArray();
        using KeywordIndex forwards = new(), backwards = new();
        for (var i = 0; i < texts.Length; i++)
        {
            forwards.Upsert(i, texts[i]);
            backwards.Upsert(texts.Length - 1 - i, texts[texts.Length - 1 - i]);
        }

        var (a, b) = (new KeywordMatch[50], new KeywordMatch[50]);
        foreach (var query in (string[])["w1 w2 w3", "w7 w20", "w50"])
        {
            forwards.Search(query, a).Should().Be(backwards.Search(query, b));
            a.Should().Equal(b);
        }
    }

    [Fact]
    public void Equal_scores_are_ordered_by_id()
    {
        using var index = new KeywordIndex();
        foreach (var id in (long[])[5, -3, 9, 2, long.MaxValue, long.MinValue])
            index.Upsert(id, "same words");
        var results = new KeywordMatch[4];

        index.Search("words", results).Should().Be(4);

        results.Select(match => match.Id).Should().Equal(long.MinValue, -3, 2, 5);
    }

    [Fact]
    public void A_bitmap_or_a_predicate_limits_what_is_returned()
    {
        using var index = new KeywordIndex();
        for (var id = -2; id < 200; id++)
            index.Upsert(id, "word");
        var results = new KeywordMatch[300];

        index.Search("word", results, new KeywordSearchSettings { AllowedIds = [1UL << 3, 1UL << 63] }).Should().Be(2);
        results[..2].Select(match => match.Id).Should().Equal(3, 127);
        index.Search("word", results, new KeywordSearchSettings { AllowedIds = [] }).Should().Be(0);
        index.Search("word", results, new KeywordSearchSettings { IsAllowed = id => id < 0 }).Should().Be(2);
        index.Search("word", results, new KeywordSearchSettings { IsAllowed = id => id % 2 == 0, AllowedIds = [6UL] }).Should().Be(1);
        index.Search("word", results).Should().Be(202);
    }

    [Fact]
    public void A_text_is_replaced_by_its_id()
    {
        using var index = new KeywordIndex();
        index.Upsert([1, 2, 1], ["old words", "other", "new words"]);
        var results = new KeywordMatch[3];

        index.Count.Should().Be(2);
        index.Search("old", results).Should().Be(0);
        index.Search("new", results).Should().Be(1);
    }

    [Fact]
    public void Feedback_finds_texts_that_share_no_word_with_the_query()
    {
        using var index = new KeywordIndex();
        index.Upsert(1, "car engine motor automobile");
        index.Upsert(2, "car automobile motor wheels");
        index.Upsert(3, "automobile motor repair");
        for (var id = 10; id < 30; id++)
            index.Upsert(id, $"unrelated filler number {id}");
        var results = new KeywordMatch[5];

        index.Search("car", results).Should().Be(2);
        index.Search("car", results, new KeywordSearchSettings { Feedback = new RelevanceFeedback() }).Should().Be(3);
        results[2].Id.Should().Be(3);
    }

    [Fact]
    public void Odd_input_is_harmless()
    {
        using var index = new KeywordIndex();
        var results = new KeywordMatch[2];
        index.Search("anything", results).Should().Be(0);
        index.Search("anything", results, new KeywordSearchSettings { Feedback = new RelevanceFeedback() }).Should().Be(0);
        index.Upsert(1, "");
        index.Upsert(2, " \t\0");
        index.Search("anything", results).Should().Be(0);
        index.Upsert(3, "\uD800 lone surrogate 漢字 e\u0301");
        index.Search("漢字", results).Should().Be(1);
        index.Search("É", results).Should().Be(1);
        index.Search("", results).Should().Be(0);
        index.Search("the of and", results).Should().Be(0);
        index.Search("lone", []).Should().Be(0);
        index.Remove(99).Should().BeFalse();
        index.Upsert(3, "lone");
        index.Search("lone", results).Should().Be(1);
    }

    [Fact]
    public void A_query_as_long_as_a_document_is_answered()
    {
        using var index = new KeywordIndex();
        var oracle = new Bm25Oracle();
        for (var id = 0; id < 300; id++)
        {
            var text = $"w{id} w{id * 7 % 300} common";
            index.Upsert(id, text);
            oracle.Upsert(id, text);
        }

        oracle.AssertSame(index, string.Join(' ', Enumerable.Range(0, 150).Select(i => $"w{i}")), 20);
        index.Search(string.Join(' ', Enumerable.Range(0, 100_000).Select(i => $"w{i}")), new KeywordMatch[10]).Should().Be(10);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        using var index = new KeywordIndex();

        index.Invoking(i => i.Upsert(1, (string)null!)).Should().Throw<ArgumentNullException>();
        index.Invoking(i => i.Search((string)null!, new KeywordMatch[1])).Should().Throw<ArgumentNullException>();
        index.Invoking(i => i.Upsert([1, 2], ["one"])).Should().Throw<ArgumentException>().WithMessage("*2 ids but 1 texts*");
        index.Invoking(i => i.Upsert([1, 2], ["one", null!])).Should().Throw<ArgumentException>().WithMessage("*Text 1, of id 2*");
        index.Count.Should().Be(0);
        FluentActions.Invoking(() => new KeywordIndex(new KeywordIndexOptions { TermSaturation = -1 })).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*k1*");
        FluentActions.Invoking(() => new KeywordIndex(new KeywordIndexOptions { LengthNormalization = double.NaN })).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*between 0 and 1*");
    }

    private static string Zipf(Random random) => "w" + (int)Math.Exp(random.NextDouble() * Math.Log(3000));
}

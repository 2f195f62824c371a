using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class KeywordIndexConcurrencyTests
{
    [Fact]
    public async Task Readers_see_whole_texts_while_a_writer_changes_them()
    {
        // Every version of a text has the same two words, in equal number: a search must find each text once, with one score for all.
        using var index = new KeywordIndex();
        const int Texts = 200;
        for (var id = 0; id < Texts; id++)
            index.Upsert(id, "left right");
        var random = new Random(5);

        await Concurrently.RunAsync(writes: 60, looks: 20, _ => index.Upsert(random.Next(Texts), random.Next(2) == 0 ? "left right" : "right left"), Reader(), Reader(), Reader());

        Action<int> Reader()
        {
            var results = new KeywordMatch[Texts * 2];
            return _ =>
            {
                var count = index.Search("left right", results);
                count.Should().Be(Texts);
                results[..count].Select(match => match.Id).Should().BeEquivalentTo(Enumerable.Range(0, Texts).Select(id => (long)id));
                results[..count].Should().OnlyContain(match => match.Score == results[0].Score);
            };
        }
    }

    [Fact]
    public async Task Searches_in_parallel_agree_with_one_alone()
    {
        using var index = new KeywordIndex();
        for (var id = 0; id < 5000; id++)
            index.Upsert(id, $"word{id % 7} word{id % 11} word{id % 13} common");
        var expected = Enumerable.Range(0, 13).Select(i => Search(index, i)).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 260; i++)
                Search(index, i % 13).Should().Equal(expected[i % 13]);
        })));
    }

    private static KeywordMatch[] Search(KeywordIndex index, int word)
    {
        var results = new KeywordMatch[10];
        index.Search($"word{word} common", results);
        return results;
    }
}

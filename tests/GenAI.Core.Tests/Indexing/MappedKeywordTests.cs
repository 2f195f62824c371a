using CsCheck;
using GenAI.Core.Indexing;
using GenAI.Core.VectorStores;

namespace GenAI.Core.Tests.Indexing;

public class MappedKeywordTests
{
    private static readonly Bm25Parameters Ranking = new(new KeywordIndexOptions().TermSaturation, new KeywordIndexOptions().LengthNormalization);
    private static readonly string[] Vocabulary = ["alpha", "beta", "gamma", "delta", "kappa", "lambda", "omega", "sigma", "theta", "zeta"];

    [Fact]
    public void Segments_and_what_is_in_memory_score_as_one_index_of_the_texts_that_are_left_to_the_last_bit()
    {
        Gen.Int[0, int.MaxValue].Holds(60, seed =>
        {
            using var store = new SegmentedTexts(seed);
            for (var step = 0; step < 4; step++)
            {
                store.Fill(store.Random.Next(1, 60));
                store.RemoveSome();
                store.AssertSame();
                store.Flush();
                store.AssertSame();
                store.RemoveSome();
                store.AssertSame();
            }

            store.StoreRemovals();
            store.RemoveSome();
            store.AssertSame();
            store.Merge();
            store.AssertSame();
            store.RemoveSome();
            store.AssertSame();
        });
    }

    [Fact]
    public void Long_lists_of_several_segments_score_as_one_index_does()
    {
        // Many blocks for each term, whose bounds are those of texts that were removed as well.
        using var store = new SegmentedTexts(17);
        for (var step = 0; step < 3; step++)
        {
            store.Fill(2000);
            store.Flush();
            store.RemoveSome();
        }

        store.Fill(1500);
        store.AssertSame();
        store.Merge();
        store.AssertSame();
    }

    [Fact]
    public void Texts_whose_numbers_in_memory_are_not_in_the_order_of_their_ids_are_stored_in_it()
    {
        using var index = new KeywordIndex();
        using var wanted = new KeywordIndex();
        var random = new Random(3);
        var ids = Enumerable.Range(0, 400).ToArray();
        random.Shuffle(ids);
        foreach (var id in ids)
            index.Upsert(id, TextOf(random, id));
        for (var i = 0; i < 300; i++)
            index.Upsert(random.Next(400), TextOf(random, i));
        using var segment = SegmentOnDisk.Of(index, 400);
        using var empty = new KeywordIndex();

        var mapped = segment.Keywords();

        mapped.Texts.Should().Be(400);
        AssertSame(index, empty, [new PartPostings(mapped)], "alpha beta word7", 50, new KeywordSearchSettings { Feedback = new RelevanceFeedback() });
    }

    [Fact]
    public void A_query_of_a_whole_document_is_scored_term_by_term_in_every_segment()
    {
        using var all = new KeywordIndex();
        using var head = new KeywordIndex();
        var segments = new List<SegmentOnDisk>();
        for (var part = 0; part < 3; part++)
        {
            using var index = new KeywordIndex();
            for (var id = 0; id < 100; id++)
            {
                var text = string.Join(' ', Enumerable.Range(0, 90).Select(i => $"w{(i * (id + 3) + part) % 211}"));
                (part == 2 ? head : index).Upsert(part == 2 ? 200 + id : id, text);
                all.Upsert(part * 100 + id, text);
            }

            if (part < 2)
                segments.Add(SegmentOnDisk.Of(index, 100));
        }

        AssertSame(all, head, [new PartPostings(segments[0].Keywords()), new PartPostings(segments[1].Keywords()) { First = 100 }], string.Join(' ', Enumerable.Range(0, 150).Select(i => $"w{i}")), 40, default);

        segments.ForEach(segment => segment.Dispose());
    }

    [Fact]
    public void An_id_without_a_text_and_an_empty_text_are_told_apart()
    {
        using var index = new KeywordIndex();
        index.Upsert(1, "");
        index.Upsert(3, "alpha");
        using var segment = SegmentOnDisk.Of(index, 5);

        using var part = new PartPostings(segment.Keywords()) { First = 64 };

        part.Texts.Should().Be(2);
        part.Remove(2);
        part.Texts.Should().Be(2, "row 2 has no text");
        part.Remove(1);
        part.Texts.Should().Be(1, "row 1 has an empty one");
        part.TryFind(67, out _).Should().BeTrue();
        part.TryFind(63, out _).Should().BeFalse();
        part.TryFind(69, out _).Should().BeFalse();
    }

    private static string TextOf(Random random, int id) =>
        string.Join(' ', Enumerable.Range(0, random.Next(0, 30)).Select(_ => Vocabulary[random.Next(10)])) + (id % 5 == 0 ? $" word{id}" : "");

    private static void AssertSame(KeywordIndex all, KeywordIndex head, PartPostings[] segments, string query, int top, KeywordSearchSettings settings)
    {
        var (wanted, found) = (new KeywordMatch[top], new KeywordMatch[top]);
        var analyzed = all.Analyze(query);
        var count = all.Search(analyzed, wanted, settings, isExhaustive: true);
        KeywordRanking.Search(new KeywordSearcher(), [.. segments, head.Postings], Ranking, analyzed, found, settings).Should().Be(count);
        found[..count].Should().Equal(wanted[..count]);
    }

    /// <summary>Texts in segments and in memory, as a table has them, and all that are left in one index.</summary>
    private sealed class SegmentedTexts(int seed) : IDisposable
    {
        private readonly List<(SegmentOnDisk File, PartPostings Postings)> _segments = [];
        private readonly KeywordIndex _all = new();
        private readonly Dictionary<int, string> _texts = [];
        private readonly SortedSet<int> _live = [];
        private KeywordIndex _head = new();
        private int _headFirst;
        private int _next;

        public Random Random { get; } = new(seed);

        public void Fill(int texts)
        {
            for (var i = 0; i < texts; i++)
            {
                // Some ids have no text.
                if (Random.Next(10) > 0)
                    Put(_next, TextOf(Random, _next));
                _next++;
            }
        }

        public void RemoveSome()
        {
            foreach (var id in _live.Where(_ => Random.Next(6) == 0).ToArray())
            {
                _live.Remove(id);
                _all.Remove(id).Should().BeTrue();
                if (_segments.FindLast(segment => id >= segment.Postings.First).Postings is { } owner && id < owner.First + owner.Lengths.Length)
                    owner.Remove(id - owner.First);
                else
                    _head.Remove(id).Should().BeTrue();
            }
        }

        /// <summary>Makes a segment of what is in memory.</summary>
        public void Flush()
        {
            var ids = _next - _headFirst;
            var file = new SegmentOnDisk(writer => KeywordSectionWriter.Write(writer, "k", [new KeywordPiece(_head.Postings, SegmentOnDisk.All(ids), _headFirst)], ids));
            _segments.Add((file, new PartPostings(file.Keywords()) { First = _headFirst }));
            _head.Dispose();
            (_head, _headFirst) = (new KeywordIndex(), _next);
        }

        /// <summary>Stores what was removed and opens all segments with it.</summary>
        public void StoreRemovals()
        {
            for (var i = 0; i < _segments.Count; i++)
            {
                var (file, postings) = _segments[i];
                _segments[i] = (file, new PartPostings(file.Keywords(), new KeywordRemovals(postings.Removed)) { First = postings.First });
            }
        }

        /// <summary>Makes one segment of all, and leaves out what was removed: ids change.</summary>
        public void Merge()
        {
            var (pieces, next) = (new List<KeywordPiece>(), 0);
            var kept = new List<int>();
            foreach (var (_, postings) in _segments)
            {
                var newIds = new int[postings.Lengths.Length];
                for (var id = 0; id < newIds.Length; id++)
                {
                    newIds[id] = _live.Contains(postings.First + id) ? next++ : -1;
                    if (newIds[id] >= 0)
                        kept.Add(postings.First + id);
                }

                pieces.Add(new KeywordPiece(postings.Source, newIds));
            }

            var file = new SegmentOnDisk(writer => KeywordSectionWriter.Write(writer, "k", [.. pieces], next));
            foreach (var (old, _) in _segments)
                old.Dispose();
            _segments.Clear();
            _segments.Add((file, new PartPostings(file.Keywords())));

            // What is in memory keeps its ids; the others are renumbered in the index of all as well.
            Renumber(kept);
        }

        public void AssertSame()
        {
            var allowed = new ulong[(_next + 63) / 64];
            foreach (var id in _live)
                allowed[id / 64] |= 1UL << (id % 64);
            PartPostings[] segments = [.. _segments.Select(segment => segment.Postings)];
            foreach (var query in (string[])["alpha", "beta gamma", "word5 alpha alpha", "omega sigma theta zeta", "nowhere", string.Join(' ', Vocabulary)])
            {
                var feedback = Random.Next(2) == 0 ? new RelevanceFeedback { Texts = Random.Next(1, 12), Terms = Random.Next(1, 12) } : null;
                MappedKeywordTests.AssertSame(_all, _head, segments, query, Random.Next(1, 40), new KeywordSearchSettings { AllowedIds = allowed, Feedback = feedback });
            }
        }

        public void Dispose()
        {
            _segments.ForEach(segment => segment.File.Dispose());
            _head.Dispose();
            _all.Dispose();
        }

        private void Put(int id, string text)
        {
            _head.Upsert(id, text);
            _all.Upsert(id, text);
            _texts[id] = text;
            _live.Add(id);
        }

        private void Renumber(List<int> kept)
        {
            for (var id = 0; id < kept.Count; id++)
            {
                if (kept[id] == id)
                    continue;
                _all.Remove(kept[id]).Should().BeTrue();
                _live.Remove(kept[id]);
                _all.Upsert(id, _texts[kept[id]]);
                _texts[id] = _texts[kept[id]];
                _live.Add(id);
            }
        }
    }
}

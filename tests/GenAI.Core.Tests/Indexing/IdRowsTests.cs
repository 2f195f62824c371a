using CsCheck;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class IdRowsTests
{
    [Fact]
    public void Any_sequence_of_writes_leaves_what_a_dictionary_holds()
    {
        var anyId = Gen.OneOf(Gen.Long[0, 20], Gen.Long[0, 100_000], Gen.Long[-5, -1], Gen.Long[long.MaxValue - 3, long.MaxValue]);
        Gen.Select(anyId, Gen.Int[0, 1_000_000], Gen.Int[0, 2]).Array[1, 300].Holds(200,
            writes =>
            {
                var (rows, expected) = (new IdRows(), new Dictionary<long, int>());
                foreach (var (id, row, kind) in writes)
                {
                    if (kind == 0)
                    {
                        rows.Remove(id, out _).Should().Be(expected.Remove(id));
                        continue;
                    }

                    rows.Set(id, row);
                    expected[id] = row;
                }

                foreach (var (id, _, _) in writes)
                {
                    rows.TryGet(id, out var found).Should().Be(expected.TryGetValue(id, out var row));
                    if (expected.ContainsKey(id))
                        found.Should().Be(row);
                }
            });
    }
}

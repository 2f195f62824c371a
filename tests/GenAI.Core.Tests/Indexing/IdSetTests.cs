using CsCheck;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

public class IdSetTests
{
    private static readonly Gen<long> Id = Gen.OneOf(Gen.Long[-130, 130], Gen.Const(long.MinValue), Gen.Const(long.MaxValue), Gen.Long);

    [Fact]
    public void It_is_a_set() =>
        Gen.Select(Gen.Bool, Id).Array[0, 200].Holds(500,
            calls =>
            {
                var (set, oracle) = (new IdSet(), new HashSet<long>());
                foreach (var (adds, id) in calls)
                {
                    if (adds)
                    {
                        oracle.Add(id);
                        set.Add(id);
                    }
                    else
                    {
                        oracle.Remove(id);
                        set.Remove(id);
                    }

                    if (set.Count != oracle.Count)
                        return false;
                }

                return set.ToArray().Length == oracle.Count && oracle.SetEquals(set) && oracle.SetEquals(new IdSet(set));
            });
}

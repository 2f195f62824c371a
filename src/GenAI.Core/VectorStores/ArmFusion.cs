using GenAI.Core.Indexing;

namespace GenAI.Core.VectorStores;

internal sealed class FusionOptions { }

internal static class ArmFusion
{
    public static List<FusedRow> Fuse(VectorMatch[] vectors, KeywordMatch[] keywords, FusionOptions options)
    {
        var fused = new Dictionary<long, FusedRow>();
        for (var i = 0; i < vectors.Length; i++)
            fused[vectors[i].Id] = new FusedRow((int)vectors[i].Id, 1.0 / (61 + i), new ArmMatch(i + 1, vectors[i].Score), null);
        for (var i = 0; i < keywords.Length; i++)
        {
            var arm = new ArmMatch(i + 1, keywords[i].Score);
            fused[keywords[i].Id] = fused.TryGetValue(keywords[i].Id, out var row)
                ? row with { Score = row.Score + 1.0 / (61 + i), Keyword = arm }
                : new FusedRow((int)keywords[i].Id, 1.0 / (61 + i), null, arm);
        }
        return [.. fused.Values.OrderByDescending(r => r.Score).ThenBy(r => r.Row)];
    }
}

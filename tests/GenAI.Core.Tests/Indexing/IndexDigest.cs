using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Security.Cryptography;
using GenAI.Core.Indexing;

namespace GenAI.Core.Tests.Indexing;

/// <summary>One number for what searches of hostile vectors find: ids and every bit of the scores.</summary>
internal static class IndexDigest
{
    /// <summary>The widest registers that are used here, in bits; 0 without any.</summary>
    public static int Width => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    /// <summary>The number, here.</summary>
    public static string Value { get; } = Compute();

    private static string Compute()
    {
        const int Rows = 64, Queries = 5, Top = 7;
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var metric in Enum.GetValues<VectorMetric>())
        {
            var random = new Random(51);
            foreach (var dimensions in (int[])[1, 3, 33, 384])
            {
                foreach (var kind in HostileVectors.Kinds)
                {
                    using var index = VectorIndex.CreateExact(dimensions, metric, new ExactIndexOptions { Codes = ExactCodes.FourBit });
                    index.Upsert([.. Enumerable.Range(0, Rows).Select(id => (long)id)], HostileVectors.Make(kind, random, Rows, dimensions));
                    var queries = HostileVectors.Make(kind, random, Queries, dimensions);
                    var (one, batch) = (new VectorMatch[Top], new VectorMatch[Queries * Top]);
                    index.Search(queries.AsSpan(0, dimensions), one);
                    index.SearchBatch(queries, batch, Top);
                    foreach (var match in (VectorMatch[])[.. one, .. batch])
                        sha.AppendData(MemoryMarshal.AsBytes([match.Id, BitConverter.SingleToInt32Bits(match.Score)]));
                }
            }
        }

        return Convert.ToHexString(sha.GetHashAndReset());
    }
}

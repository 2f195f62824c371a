using System.IO.Hashing;

namespace GenAI.Core.Storage;

/// <summary>The checksum of everything stored: XXH3, 64 bits. It notices damage; it does not withstand forgery.</summary>
internal static class Checksum
{
    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0) => XxHash3.HashToUInt64(bytes, unchecked((long)seed));
}

using System.IO.Hashing;
using FluentAssertions;
using GenAI.Core.Storage;
using Xunit;

namespace GenAI.Core.Tests.Storage;

public sealed class ChecksumTests
{
    [Fact]
    public void A_checksum_is_the_XXH3_of_the_bytes_whatever_their_number()
    {
        var bytes = new byte[70_001];
        new Random(1).NextBytes(bytes);
        int[] lengths = [.. Enumerable.Range(0, 2_500), 4_096, 8_191, 8_192, 65_535, 65_536, 70_000];
        foreach (var length in lengths)
        {
            // From an odd address too.
            Checksum.Of(bytes.AsSpan(0, length)).Should().Be(XxHash3.HashToUInt64(bytes.AsSpan(0, length)), "{0} bytes", length);
            Checksum.Of(bytes.AsSpan(1, length), seed: 7).Should().Be(XxHash3.HashToUInt64(bytes.AsSpan(1, length), 7), "{0} bytes", length);
            Checksum.Of(bytes.AsSpan(1, length)).Should().Be(XxHash3.HashToUInt64(bytes.AsSpan(1, length)), "{0} bytes", length);
        }
    }
}

using System.Globalization;

namespace GenAI.Core.Tests.Indexing;

public class ExactHardwareTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512=0", 256)]
    [InlineData("DOTNET_EnableAVX2=0", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic=0", 0)]
    public void Ids_and_scores_are_the_same_to_the_last_bit_on_lesser_hardware(string setting, int width)
    {
        var lines = ChildProcess.Run(ChildProcess.Digest, setting);

        int.Parse(lines[0], CultureInfo.InvariantCulture).Should().BeLessThanOrEqualTo(width, "the setting is to be one that this runtime knows");
        lines[1].Should().Be(IndexDigest.Value);
    }
}

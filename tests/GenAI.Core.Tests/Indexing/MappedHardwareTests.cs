using System.Globalization;

namespace GenAI.Core.Tests.Indexing;

public class MappedHardwareTests
{
    [Theory]
    [InlineData("DOTNET_EnableAVX512=0", 256)]
    [InlineData("DOTNET_EnableAVX2=0", 128)]
    [InlineData("DOTNET_EnableHWIntrinsic=0", 0)]
    public void A_segment_finds_the_same_to_the_last_bit_on_lesser_hardware_than_it_was_written_on(string setting, int width)
    {
        using var segment = MappedReadings.Make();

        var lines = ChildProcess.Run(ChildProcess.Segment, setting, $"{MappedReadings.PathVariable}={segment.Path}");

        int.Parse(lines[0], CultureInfo.InvariantCulture).Should().BeLessThanOrEqualTo(width, "the setting is to be one that this runtime knows");
        lines[1].Should().Be(MappedReadings.DigestOf(segment.Path));
    }
}

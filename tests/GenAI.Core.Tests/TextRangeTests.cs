namespace GenAI.Core.Tests;

public class TextRangeTests
{
    [Fact]
    public void Of_cuts_the_characters_out_of_the_text()
    {
        var range = new TextRange(2, 3);

        range.Of("abcdefg").Should().Be("cde");
        "abcdefg"[range.ToRange()].Should().Be("cde");
        "abcdefg"[(Range)range].Should().Be("cde");
        range.End.Should().Be(5);
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(7, 1)]
    [InlineData(-1, 2)]
    [InlineData(3, -1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void Of_refuses_a_range_outside_the_text(int start, int length)
    {
        var act = () => new TextRange(start, length).Of("abcdefg");

        act.Should().Throw<ArgumentOutOfRangeException>().WithMessage("*outside the text, which has 7 characters*");
    }

    [Fact]
    public void Overlaps_and_Contains_treat_the_end_as_outside()
    {
        new TextRange(0, 3).Overlaps(new TextRange(3, 1)).Should().BeFalse();
        new TextRange(0, 4).Overlaps(new TextRange(3, 1)).Should().BeTrue();
        new TextRange(0, 4).Contains(new TextRange(3, 1)).Should().BeTrue();
        new TextRange(0, 4).Contains(new TextRange(3, 2)).Should().BeFalse();
    }
}

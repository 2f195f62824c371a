using System.Globalization;
using CsCheck;
using GenAI.Core.Tests.Chunking;
using GenAI.Core.Text;

namespace GenAI.Core.Tests.Text;

public class GraphemeBoundaryTests
{
    [Fact]
    public void Boundaries_are_those_of_StringInfo()
    {
        foreach (var (name, text) in Texts.Nasty)
            Verify(text[..Math.Min(text.Length, 600)], name);
        Texts.Random.Holds(300, text => Verify(text, "random"));
    }

    [Fact]
    public void Any_two_characters_of_the_basic_plane_are_parted_only_where_StringInfo_parts_them()
    {
        Gen.Char.Array[2, 12].Select(c => new string(c)).Holds(20_000, text => Verify(text, "random"));
    }

    [DataFact("texts", "udhr")]
    public void Boundaries_of_every_language_are_those_of_StringInfo()
    {
        foreach (var file in Directory.EnumerateFiles(TestData.Path("texts", "udhr")))
            Verify(string.Concat(File.ReadAllText(file).Take(1500)), file);
    }

    private static void Verify(string text, string because)
    {
        var boundaries = new HashSet<int>(StringInfo.ParseCombiningCharacters(text)) { 0, text.Length };
        var last = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (boundaries.Contains(i))
                last = i;
            var found = GraphemeBoundary.AtOrBefore(text, 0, i);
            if (found != last)
                Assert.Fail($"{because}: at {i} found {found}, expected {last} in {string.Join(' ', text.Select(c => $"{(int)c:X4}"))}");
            var next = boundaries.Contains(i) ? i : boundaries.Where(b => b > i).Min();
            Assert.Equal(next, GraphemeBoundary.AtOrAfter(text, 0, i, text.Length));
        }
    }
}

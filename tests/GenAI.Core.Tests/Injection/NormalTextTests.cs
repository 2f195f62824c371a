using CsCheck;
using GenAI.Core.Injection;

namespace GenAI.Core.Tests.Injection;

public class NormalTextTests
{
    private const string Characters = "aabcdefghilloLIABC   \n\t.,;:'\"-_0123@$|!~\u00e9\u200b\ud835\udc00\u0430";

    [Fact]
    public void A_text_reads_the_same_wherever_in_a_text_it_begins()
    {
        // Sixteen plain characters are read at once: which those are depends on what stands before.
        Gen.Select(Gen.Int[0, Characters.Length - 1].Select(i => Characters[i]).Array[0, 80], Gen.Int[1, 17], Gen.Int[12, Characters.Length]).Holds(20_000, (characters, before, kinds) =>
        {
            var text = new string([.. characters.Where(c => Characters.IndexOf(c, StringComparison.Ordinal) < kinds)]);
            var (alone, behind) = (new NormalText(), new NormalText());
            alone.Read(text);

            behind.Read(new string('a', before) + " " + text);

            behind.Text[(before + 1)..].ToString().Should().Be(alone.Text.ToString(), "'{0}'", text);
            for (var i = 0; i <= alone.Text.Length; i++)
                behind.PlaceOf(before + 1 + i).Should().Be(alone.PlaceOf(i) + before + 1, "place {0} of '{1}'", i, text);
            behind.HasInvisible.Should().Be(alone.HasInvisible);
        });
    }
}

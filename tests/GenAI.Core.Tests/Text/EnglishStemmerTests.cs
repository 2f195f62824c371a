using GenAI.Core.Text;

namespace GenAI.Core.Tests.Text;

public class EnglishStemmerTests
{
    // From the sample vocabulary that the Snowball project publishes with the algorithm, and its lists of exceptions.
    [Theory]
    [InlineData("consign consigned consigning consignment consist consisted consistency consistent consistently consisting consists", "consign consign consign consign consist consist consist consist consist consist consist")]
    [InlineData("consolation consolations consolatory console consoled consoles consolidate consolidated consolidating", "consol consol consolatori consol consol consol consolid consolid consolid")]
    [InlineData("consoling consolingly consols consonant consort consorted consorting conspicuous conspicuously conspiracy", "consol consol consol conson consort consort consort conspicu conspicu conspiraci")]
    [InlineData("conspirator conspirators conspire conspired conspiring constable constables constance constancy constant", "conspir conspir conspir conspir conspir constabl constabl constanc constanc constant")]
    [InlineData("knack knackeries knacks knag knave knaves knavish kneaded kneading knee kneel kneeled kneeling kneels knees knell", "knack knackeri knack knag knave knave knavish knead knead knee kneel kneel kneel kneel knee knell")]
    [InlineData("knelt knew knick knif knife knight knightly knights knit knits knitted knitting knives knob knobs knock knocked", "knelt knew knick knif knife knight knight knight knit knit knit knit knive knob knob knock knock")]
    [InlineData("skis skies dying lying tying idly gently ugly early only singly", "ski sky die lie tie idl gentl ugli earli onli singl")]
    [InlineData("sky news howe atlas cosmos bias andes", "sky news howe atlas cosmos bias andes")]
    [InlineData("inning innings outing canning herring earring proceed proceeds exceeded succeeding", "inning inning outing canning herring earring proceed proceed exceed succeed")]
    [InlineData("generate general generously communication community arsenal arsenic", "generat general generous communic communiti arsenal arsenic")]
    [InlineData("hopping hoping hoped luxuriating bled agreed feed say cry by boy youth", "hop hope hope luxuri bled agre feed say cri by boy youth")]
    [InlineData("john's dogs' 'tis tie ties cries gas this kiwis gaps kisses relational formaliti", "john dog tis tie tie cri gas this kiwi gap kiss relat formal")]
    [InlineData("a is be", "a is be")]
    public void Words_have_the_published_stems(string words, string stems)
    {
        string.Join(' ', words.Split(' ').Select(Stem)).Should().Be(stems);
    }

    [Fact]
    public void Odd_words_are_harmless()
    {
        string[] odd = ["'", "''", "'''", "'s", "s's", "'s'", "aing", "ed", "ing", "eed", "yyy", "yed", "lli", "ies", "ied", "li", "bli", "eli", new string('e', 128)];
        foreach (var word in odd)
            Stem(word).Length.Should().BeInRange(0, word.Length);
    }

    private static string Stem(string word)
    {
        var characters = word.ToCharArray();
        return new string(characters, 0, EnglishStemmer.Stem(characters));
    }
}

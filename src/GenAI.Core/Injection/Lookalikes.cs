using GenAI.Core.Text;

namespace GenAI.Core.Injection;

/// <summary>Characters that look like ASCII letters, or that are not seen at all (Unicode Technical Standard #39 describes the trick; the table is ours).</summary>
internal static class Lookalikes
{
    /// <summary>An entry of a character that is not seen.</summary>
    public const char Invisible = '\uFFFF';

    // Pairs of a character and the letter that it looks like: Cyrillic, Greek, Armenian, Cherokee, letters of the phonetic alphabets, and signs.
    private const string Pairs =
        "аaвbгrеeѕsіiїiјjкkмmнhоoпnрpсcтtуyхxьbԁdԛqԝwһhүyѵvӏiАaВbЕeЅsІiЈjКkМmНhОoРpСcТtУyХxЬbԌgԚqԜwҮyѴvӀiЗзӠз" +
        "αaβbγyδdεeζzηnθoιiκkλaμuνvοoπnρpςsσoτtυuφoχxωwϲcϳjΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧxϹc" +
        "օoոnսuհhզqցgքpյjԱuՏsՕoԼiԳqաwոn" +
        "ᎪaᏴbᏟcᎠdᎬeᏀgᎻhᎥiᎫjᏦkᏞlᎷmᏢpᎡrᏚsᎢtᏙvᎳwᏃz" +
        "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz" +
        "ɑaɐaƅbƄbɓbƈcɖdɗdǝeɛeɡgɠgɦhɨiɩiıiǀiǃiʝjƙkƖiɭlɫlɱmɲnɳnɵoƥpʠqɼrɽrʂsƽsʈtƭtʋvʍwʎyƴyʐzƶzðdøołlđdħhŧtþpßs" +
        "×x∨v∪u∣iⅠi∙.。.．.‚,،,٫,‐-‑-‒-–-—-−-‘'’'‛'′'“\"”\"«\"»\"";

    private static readonly char[] Table = Build();

    /// <summary>
    /// What a character of the basic plane stands for: a small letter where it looks like one, itself otherwise; <see cref="Invisible"/> for what is not seen: zero-width characters, joiners, controls of direction,
    /// soft hyphens, variation selectors, fillers and combining marks of Latin.
    /// </summary>
    public static char Of(char c) => Table[c];

    /// <summary>What a character beyond the basic plane stands for: tags are ASCII that is not seen, and letters in squares, circles and as regional indicators are letters.</summary>
    public static char OfAstral(int point) => point switch
    {
        >= 0xE0020 and <= 0xE007E => Of((char)(point - 0xE0000)),
        >= 0xE0000 and <= 0xE0FFF => Invisible,
        >= 0x1F130 and <= 0x1F149 => (char)('a' + point - 0x1F130),
        >= 0x1F150 and <= 0x1F169 => (char)('a' + point - 0x1F150),
        >= 0x1F170 and <= 0x1F189 => (char)('a' + point - 0x1F170),
        >= 0x1F1E6 and <= 0x1F1FF => (char)('a' + point - 0x1F1E6),
        >= 0x1D7CE and <= 0x1D7FF => (char)('0' + (point - 0x1D7CE) % 10),
        >= 0x1D400 and <= 0x1D7FF => Folded(char.ConvertFromUtf32(point)),
        _ => ' ',
    };

    private static char[] Build()
    {
        var table = new char[char.MaxValue + 1];
        for (var c = 0; c < table.Length; c++)
            table[c] = char.IsSurrogate((char)c) ? (char)c : Folded(((char)c).ToString());
        for (var i = 0; i + 1 < Pairs.Length; i += 2)
            table[Pairs[i]] = Pairs[i + 1];
        foreach (var (from, to) in (ReadOnlySpan<(char, char)>)[('\u200B', '\u200F'), ('\u202A', '\u202E'), ('\u2060', '\u206F'), ('\uFE00', '\uFE0F'), ('\u0300', '\u036F'), ('\u180B', '\u180F'), ('\uFFF9', '\uFFFB'), ('\u0000', '\u0008'), ('\u000E', '\u001F')])
            table.AsSpan(from..(to + 1)).Fill(Invisible);
        foreach (var c in "\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u3164\uFEFF\uFFA0\u007F")
            table[c] = Invisible;
        foreach (var c in "\u0085\u2028\u2029\v\f")
            table[c] = '\n';
        table[FoldingTable.Dropped] = ' ';
        return table;
    }

    // The first character is enough: what becomes several is rare and no disguise.
    private static char Folded(string text)
    {
        Span<char> folded = stackalloc char[TextFolding.MaxExpansion * 2];
        var length = TextFolding.Fold(text, folded);
        if (length == 0)
            return Invisible;
        return folded[0] >= 0x80 && Pairs.IndexOf(folded[0], StringComparison.Ordinal) is >= 0 and var at && at % 2 == 0 ? Pairs[at + 1] : char.IsSurrogate(folded[0]) ? ' ' : folded[0];
    }
}

using System.Text;
using CsCheck;

namespace GenAI.Core.Tests.Chunking;

/// <summary>Texts that break chunkers.</summary>
internal static class Texts
{
    private const string Family = "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466";

    public static readonly (string Name, string Text)[] Nasty =
    [
        ("byte order mark", "\uFEFF# Title\r\n\r\nText after a byte order mark.\r\n"),
        ("only a byte order mark", "\uFEFF"),
        ("nul", "a\0b\0\0c " + new string('\0', 300)),
        ("controls", string.Concat(Enumerable.Range(0, 600).Select(i => (char)(i % 0x20)))),
        ("every separator", string.Join("word", "\n", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029", "\n\n", "\r\r", "\r\n\r\n", "\u00A0", "\u3000", "\u200B")),
        ("lone surrogates", string.Concat(Enumerable.Range(0, 200).Select(i => i % 3 == 0 ? "\uD83D" : i % 3 == 1 ? "\uDE00" : "x "))),
        ("emoji families", string.Concat(Enumerable.Repeat(Family, 60))),
        ("flags", string.Concat(Enumerable.Repeat("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", 80))),
        ("zalgo", string.Concat(Enumerable.Range(0, 40).Select(i => "a" + string.Concat(Enumerable.Range(0, i).Select(j => (char)(0x300 + (j % 0x6F))))))),
        ("one long cluster", "x" + new string('\u0301', 3000) + "y"),
        ("one long cluster of flags and joiners", string.Concat(Enumerable.Repeat("\U0001F600\u200D", 500))),
        ("marks on spaces", string.Concat(Enumerable.Repeat("a \u0301b \u0308\n\u0301", 60))),
        ("prefixes", string.Concat(Enumerable.Repeat("\u0600 1 \u06DD \u070F\n\u0600", 60))),
        ("hangul jamo", string.Concat(Enumerable.Repeat("\u1112\u1161\u11AB\u1100\u1173\u11AF", 100))),
        ("hangul and halfwidth marks", string.Concat(Enumerable.Repeat("\uAC00\u11A8\uFF76\uFF9E", 100))),
        ("thai", string.Concat(Enumerable.Repeat("\u0E01\u0E33\u0E40\u0E01\u0E49\u0E32", 100))),
        ("devanagari", string.Concat(Enumerable.Repeat("\u0915\u094D\u0937\u0924\u094D\u0930\u093F\u092F ", 100))),
        ("chinese without spaces", string.Concat(Enumerable.Repeat("\u4ECA\u5929\u5929\u6C14\u5F88\u597D\uFF0C\u6211\u4EEC\u53BB\u516C\u56ED\u3002", 60))),
        ("one word", new string('x', 20_000)),
        ("digits", string.Concat(Enumerable.Range(0, 3000))),
        ("base64", Convert.ToBase64String(Enumerable.Range(0, 9000).Select(i => (byte)(i * 7919 >> 3)).ToArray())),
        ("spaces inside", "a" + new string(' ', 10_000) + "b" + new string('\n', 10_000) + "c" + new string('\t', 5000) + "d"),
        ("tiny paragraphs", string.Concat(Enumerable.Range(0, 2000).Select(i => $"{i % 10}\n\n"))),
        ("tiny lines", string.Concat(Enumerable.Range(0, 2000).Select(i => $"{i % 10}\r\n"))),
        ("carriage returns", string.Concat(Enumerable.Range(0, 500).Select(i => $"line {i}\r"))),
        ("repeated", string.Concat(Enumerable.Repeat("The same sentence again. ", 500))),
        ("nested lists", string.Concat(Enumerable.Range(0, 200).Select(i => new string(' ', i * 2) + "- item\n"))),
        ("nested quotes", string.Concat(Enumerable.Range(0, 200).Select(i => new string('>', i) + " quoted\n"))),
        ("unclosed fence", "# A\n\n```\n" + string.Concat(Enumerable.Range(0, 600).Select(i => $"line {i}\n# not a heading\n"))),
        ("headings only", string.Concat(Enumerable.Range(0, 300).Select(i => new string('#', (i % 7) + 1) + $" Heading {i}\n"))),
        ("one long heading", "# " + string.Concat(Enumerable.Repeat("long ", 2000)) + "\n\ntext"),
        ("a wide table", "| a | b |\n|---|---|\n| " + string.Concat(Enumerable.Repeat("cell ", 3000)) + " | x |\n| 1 | 2 |\n"),
        ("a table with a long header", "| " + string.Concat(Enumerable.Repeat("cell ", 1500)) + " | x |\n|---|---|\n" + string.Concat(Enumerable.Repeat("| 1 | 2 |\n", 300))),
        ("markup soup", string.Concat(Enumerable.Repeat("# \n```\n~~~\n|-|\n> ```\n- ```\n<!-- \n--> ===\n---\n<pre>\n</pre>\n    code\n\t1. x\n", 40))),
    ];

    // Pieces that meet each other in every way a random text can put them.
    private static readonly string[] Pieces =
    [
        "word", "Word", "Longer sentence of several words.", "?", "!", ". ", "\u3002", " ", " ", " ", "\n", "\n", "\n\n", "\r\n", "\r\n\r\n", "\t", "    ", "\0", "\uFEFF", "\u00A0",
        "# ", "## Heading\n", "\n### Deep\n\n", "```\n", "\n```cs\n", "~~~\n", "````\n", "| a | b |\n", "|---|---|\n", "\n| a | b |\n|---|---|\n| 1 | 2 |\n", "- ", "\n- item\n", "1. ", "> ", "===\n", "---\n", "<!--", "-->",
        "<div>\n", "\u0301", "e\u0301", "\u0600", "\u200D", "\U0001F600", "\U0001F1E9", "\U0001F1EA", Family, "\uD83D", "\uDE00", "\u0915\u094D\u0937", "\u1112\u1161\u11AB",
        "\u4E2D\u6587", "\u0420\u0443\u0441\u0441\u043A\u0438\u0439", "12345", "3.14", "e.g. ", "Dr. ", "https://example.org/a?b=c#d", "supercalifragilisticexpialidocious",
    ];

    public static readonly Gen<string> Random = Gen.Int[0, Pieces.Length - 1].Array[0, 160].Select(indices =>
    {
        var text = new StringBuilder();
        foreach (var index in indices)
            text.Append(Pieces[index]);
        return text.ToString();
    });
}

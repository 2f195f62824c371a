using System.Text;
using GenAI.Core.Guardrails;

namespace GenAI.Core.Benchmarks.Suites;

/// <summary>Texts that violate a rule: known ones, and random ones of its pattern that its own test accepts.</summary>
internal static class RuleExamples
{
    private const int Tries = 20_000;

    // Numbers whose check digits chance does not meet.
    private static readonly string[] Known =
    [
        "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "4111 1111 1111 1111", "ATU13585627", "DE136695976", "RSSMRA85T10A562S", "1 85 05 78 006 084 36", "185057800608436", "NIR 185057800608436", "Steuer-ID: 86 095 742 719", "85.07.30-033.28", "PESEL 44051401359",
        "811228-9874", "131052-308T", "fødselsnummer 01010750160", "529.982.247-25", "11010519491231002X", "Aadhaar 2341 2341 2346", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "NHS number 943 476 5919", "Routing number: 021000021", "X1234567L", "DNI 12345678Z", "BSN 111222333", "2001:db8:85a3::8a2e:370:7334", "106.31.73.20", "48.85837, 2.29448", "born on March 5, 1980", "https://evil.test/a?b=c", "![x](https://evil.test/a.png)", "//evil.test/x", "00:1A:2B:3C:4D:5E",
        "Password=Tr0ub4dor&3x;", "amqp://guest:s3cr3tPwd@mq", "client_secret: Zx9kQ2mPq7LrT4vWb8NcY1", "aws_secret_access_key = wJa1rXUtnF3MI/K7MDENGbPxR4iCYzEXAM9PL2KE",
    ];

    /// <summary>Texts with a match of the rule in their middle.</summary>
    public static IEnumerable<string> Of(RuleSet set, int rule, TextRule of)
    {
        var random = new Random(rule);
        foreach (var known in Known.Concat(Enumerable.Range(0, Tries).Select(_ => Random(of.Pattern, random))))
        {
            foreach (var text in (string[])[$"so, {known} and so on", $"so ({known})"])
            {
                var scanner = new RuleScanner(set);
                scanner.Read(text);
                scanner.Complete();
                if (!scanner.TakeSettled().Any(match => match.Rule == rule))
                    continue;
                yield return text;
                break;
            }
        }
    }

    private static string Random(PatternNode pattern, Random random)
    {
        var text = new StringBuilder();
        Add(pattern);
        return text.ToString();

        void Add(PatternNode node)
        {
            switch (node)
            {
                case PatternNode.One one:
                    text.Append(Of(one.Set));
                    break;
                case PatternNode.Sequence sequence:
                    foreach (var part in sequence.Parts)
                        Add(part);
                    break;
                case PatternNode.Choice choice:
                    Add(choice.Parts[random.Next(choice.Parts.Count)]);
                    break;
                case PatternNode.Repeat repeat:
                    for (var i = random.Next(repeat.Min, Math.Min(repeat.Max, repeat.Min + 12) + 1); i > 0; i--)
                        Add(repeat.Part);
                    break;
            }
        }

        // Of large sets a letter or digit, if there is one.
        char Of(CharSet set)
        {
            for (var i = 0; i < 20; i++)
            {
                var c = (char)random.Next(0x21, 0x7F);
                if (set.Contains(c))
                    return c;
            }

            var (from, to) = set.Ranges[random.Next(set.Ranges.Count)];
            return (char)random.Next(from, to + 1);
        }
    }
}

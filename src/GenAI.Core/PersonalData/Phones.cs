using GenAI.Core.Guardrails;

namespace GenAI.Core.PersonalData;

/// <summary>Phone numbers: international (ITU-T E.164), the common national forms, and others behind or before the words that announce one.</summary>
internal static class Phones
{
    private const string Extension = @"(?:[ ,]{0,2}(?:x|ext\.?|extension) ?[0-9]{1,6})?";
    private const string Loose = @"\+?(?:\([0-9]{1,5}\)|[0-9])(?:[ ().\u00A0/-]{0,3}[0-9]){5,14}" + Extension;

    private const string Announced =
        @"\b(?:phones?|telephones?|tel|mobiles?|cells?|cellphone|fax|desk|whatsapp|sms|landline|hotline|telefon|handy|mobil|téléphone|portable|teléfono|móvil|" +
        @"(?:call(?:ed|ing)?|ring|text(?:ed|ing)?|dial(?:led|ing)?|reach(?:ed)?|contact(?:ed)?)(?: (?:me|us|him|her|them|back))?|messages?|answering)" +
        @"(?:[ \t]{1,2}(?:number|no|nr|num|is|at|on|to|from|my|his|her|our|it's|via|by|under|line)\b|[ \t]{0,2}[.:=#*|(-]{1,3}){0,4}\s{0,3}";

    public static RulePattern[] Patterns() =>
    [
        new(@"(?<![\w+])(?:\+|00)[1-9](?:[ .\u00A0-]?(?:\([0-9]{1,4}\)|[0-9])){6,17}" + Extension + @"(?![\w-])", Part(8, 15)),
        new(@"(?<![\w./=-])(?:(?:\+?1|001)[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}" + Extension + @"(?![\w.=/-])", Part(10, 13)),
        new(@"(?<![\w./=-])(?:(?:\+?1|001)[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4}" + Extension + @"\.(?!\w)", match => Part(10, 13)(match[..^1])),
        new(@"(?<![\w./=-])0[1-9](?:[ .-][0-9]{2}){4}(?![\w=/-])", Part(10, 10)),
        new(@"(?<![\w./=-])0(?:7[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}|20[ -][0-9]{4}[ -][0-9]{4}|1[0-9]{2,3}[ -][0-9]{3}[ -][0-9]{3,4}|4[0-9]{2} [0-9]{2} [0-9]{2} [0-9]{2})(?![\w=/-])", Part(10, 11)),
        new(Announced + Loose + @"(?![\w=-])", Part(7, 15), true),
        new(@"(?<![\w./=+-])" + Loose + @"[ -]{0,2}(?:office|fax|mobile|cell|home|work|desk)\b", Part(7, 15), true),
    ];

    // From the plus, the bracket or the first digit, if so many digits follow, and if it is no date.
    private static MatchPart Part(int fewest, int most) => match =>
    {
        var start = match.IndexOfAnyInRange('0', '9');
        if (start > 0 && match[start - 1] == '(')
            start--;
        if (start > 0 && match[start - 1] == '+')
            start--;
        var part = TextRange.FromBounds(start, match.LastIndexOfAnyInRange('0', '9') + 1);
        var number = part.Of(match);
        var end = number.IndexOfAny("xXeE".AsSpan());
        Span<char> buffer = stackalloc char[32];
        var digits = Compact.Digits(end < 0 ? number : number[..end], buffer);
        return digits.Length >= fewest && digits.Length <= most && !IsDate(number) && !CheckDigits.IsUniform(digits) ? part : null;
    };

    // Of one and of four digits a year is made; addresses of the Internet and versions have four parts with points.
    private static bool IsDate(ReadOnlySpan<char> number) =>
        number.Length >= 8 && (number[4] is '-' or '/' or '.' && number[7] == number[4] && (number.StartsWith("19") || number.StartsWith("20")))
        || (MemoryExtensions.Count(number, '.') == 3 && System.Net.IPAddress.TryParse(number, out _))
        || (number.Length is >= 8 and <= 10 && number[^5] is '-' or '/' or '.' && number[2] == number[^5] && number[^4] is '1' or '2');
}

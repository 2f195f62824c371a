namespace GenAI.Core.PersonalData;

/// <summary>Value-added tax numbers with their check digits, by country (European Commission, VIES; the algorithms are those that member states publish).</summary>
internal static class VatIds
{
    private static readonly Dictionary<string, Func<string, bool>> ByCountry = new(StringComparer.Ordinal)
    {
        ["AT"] = Austrian,
        ["BE"] = digits => 97 - CheckDigits.Remainder(digits.AsSpan(0, 8), 97) == int.Parse(digits.AsSpan(8), System.Globalization.CultureInfo.InvariantCulture),
        ["DE"] = CheckDigits_Mod11And10,
        ["DK"] = digits => CheckDigits.Weighted(digits, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0,
        ["EE"] = digits => CheckDigits.Weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0,
        ["EL"] = digits => CheckDigits.Weighted(digits, [256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == digits[8] - '0',
        ["FI"] = digits => CheckDigits.Weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1]) % 11 == 0,
        ["FR"] = French,
        ["GB"] = British,
        ["HR"] = CheckDigits_Mod11And10,
        ["HU"] = digits => CheckDigits.Weighted(digits, [9, 7, 3, 1, 9, 7, 3, 1]) % 10 == 0,
        ["IT"] = digits => CheckDigits.Luhn(digits),
        ["LU"] = digits => CheckDigits.Remainder(digits.AsSpan(0, 6), 89) == int.Parse(digits.AsSpan(6), System.Globalization.CultureInfo.InvariantCulture),
        ["MT"] = digits => CheckDigits.Weighted(digits, [3, 4, 6, 7, 8, 9, 10, 1]) % 37 == 0,
        ["NL"] = Dutch,
        ["PL"] = digits => CheckDigits.Weighted(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digits[9] - '0',
        ["PT"] = digits => (11 - CheckDigits.Weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10 == digits[8] - '0',
        ["SE"] = digits => CheckDigits.Luhn(digits.AsSpan(0, 10)) && digits.EndsWith("01", StringComparison.Ordinal),
        ["SI"] = digits => (11 - CheckDigits.Weighted(digits, [8, 7, 6, 5, 4, 3, 2]) % 11) % 10 == digits[7] - '0',
        ["SK"] = digits => CheckDigits.Remainder(digits, 11) == 0,
    };

    /// <summary>The form of all of them, for a rule.</summary>
    public const string Pattern =
        @"(?<![\w-])(?:ATU[0-9]{8}|BE[01][0-9]{9}|(?:DE|EL|PT|EE)[0-9]{9}|(?:DK|FI|HU|LU|MT|SI)[0-9]{8}|FR[0-9]{11}|GB[0-9]{9}(?:[0-9]{3})?|(?:HR|IT)[0-9]{11}|NL[0-9]{9}B[0-9]{2}|(?:PL|SK)[0-9]{10}|SE[0-9]{10}01)(?![\w-])";

    /// <summary>Whether a text without separators is one.</summary>
    public static bool IsVatId(string text) =>
        ByCountry.TryGetValue(text[..2], out var check) && !CheckDigits.IsUniform(text.AsSpan(3)) && check(text[2..]);

    private static bool CheckDigits_Mod11And10(string digits) => CheckDigits.Mod11And10(digits);

    private static bool Austrian(string text)
    {
        var sum = 0;
        for (var i = 1; i < 8; i++)
        {
            var digit = text[i] - '0';
            sum += i % 2 == 1 ? digit : digit * 2 / 10 + digit * 2 % 10;
        }

        return (96 - sum) % 10 == text[8] - '0';
    }

    private static bool French(string digits) =>
        CheckDigits.Luhn(digits.AsSpan(2)) && (12 + 3 * CheckDigits.Remainder(digits.AsSpan(2), 97)) % 97 == int.Parse(digits.AsSpan(0, 2), System.Globalization.CultureInfo.InvariantCulture);

    private static bool British(string digits)
    {
        var sum = CheckDigits.Weighted(digits, [8, 7, 6, 5, 4, 3, 2]) + int.Parse(digits.AsSpan(7, 2), System.Globalization.CultureInfo.InvariantCulture);
        return sum % 97 == 0 || (sum + 55) % 97 == 0;
    }

    // Those of sole traders, since 2020, by ISO 7064 MOD 97-10; those of companies by the number of the company.
    private static bool Dutch(string text) =>
        CheckDigits.Weighted(text, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 == text[8] - '0' || CheckDigits.Remainder("NL" + text, 97) == 1;
}

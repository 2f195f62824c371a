using System.Globalization;

namespace GenAI.Core.PersonalData;

/// <summary>Identity and tax numbers of persons with their check digits. All take texts without separators.</summary>
internal static class NationalIds
{
    private const string SpanishLetters = "TRWAGMYFPDXBNJZSQVHLCKE";
    private const string FinnishLetters = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    private const string ItalianMonths = "ABCDEHLMPRST";

    // What a letter or digit counts at an odd place of an Italian code; at an even place it counts what it is.
    private static readonly int[] ItalianOdd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

    /// <summary>The modulus 11 of the National Health Service.</summary>
    public static bool Nhs(string digits) =>
        digits.Length == 10 && !CheckDigits.IsUniform(digits) && (11 - CheckDigits.Weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 == digits[9] - '0';

    /// <summary>A routing number: the ranges that are assigned, and the check digit.</summary>
    public static bool AbaRouting(string digits) =>
        digits.Length == 9 && int.Parse(digits.AsSpan(0, 2), CultureInfo.InvariantCulture) is (>= 1 and <= 12) or (>= 21 and <= 32) or (>= 61 and <= 72) or 80
        && CheckDigits.Weighted(digits, [3, 7, 1, 3, 7, 1, 3, 7, 1]) % 10 == 0;

    /// <summary>DNI and NIE.</summary>
    public static bool Spanish(string text)
    {
        var digits = text[0] is >= 'X' and <= 'Z' ? $"{text[0] - 'X'}{text[1..^1]}" : text[..^1];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && SpanishLetters[number % 23] == char.ToUpperInvariant(text[^1]);
    }

    /// <summary>Codice fiscale.</summary>
    public static bool Italian(string text)
    {
        var sum = 0;
        for (var i = 0; i < 15; i++)
        {
            var value = char.IsAsciiDigit(text[i]) ? text[i] - '0' : text[i] - 'A';
            sum += i % 2 == 0 ? ItalianOdd[value] : value;
        }

        return ItalianMonths.Contains(text[8], StringComparison.Ordinal) && 'A' + sum % 26 == text[15];
    }

    /// <summary>The number of the French social security, with Corsica's departments.</summary>
    public static bool French(string text)
    {
        if (text.Length != 15 || text[0] is not ('1' or '2'))
            return false;
        var digits = text.Replace("2A", "19", StringComparison.Ordinal).Replace("2B", "18", StringComparison.Ordinal);
        return long.TryParse(digits.AsSpan(0, 13), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && int.TryParse(digits.AsSpan(13), NumberStyles.None, CultureInfo.InvariantCulture, out var key)
            && int.Parse(digits.AsSpan(3, 2), CultureInfo.InvariantCulture) is (>= 1 and <= 12) or (>= 20 and <= 42) or >= 50
            && 97 - number % 97 == key;
    }

    /// <summary>The German tax identification: exactly one digit stands twice or three times in the first ten.</summary>
    public static bool German(string digits)
    {
        if (digits.Length != 11 || digits[0] == '0')
            return false;
        var repeated = digits[..10].GroupBy(digit => digit).Count(group => group.Count() > 1);
        return repeated == 1 && digits[..10].GroupBy(digit => digit).Max(group => group.Count()) <= 3 && CheckDigits.Mod11And10(digits);
    }

    /// <summary>Burgerservicenummer: the test of eleven.</summary>
    public static bool Dutch(string digits) =>
        digits.Length == 9 && !CheckDigits.IsUniform(digits) && CheckDigits.Weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0;

    /// <summary>The Belgian number of the national register; of those born since 2000 a 2 is put in front for the check.</summary>
    public static bool Belgian(string digits) =>
        digits.Length == 11 && IsDate(digits[..2], digits[2..4], digits[4..6])
        && int.Parse(digits.AsSpan(9), CultureInfo.InvariantCulture) is var check
        && (97 - CheckDigits.Remainder(digits.AsSpan(0, 9), 97) == check || 97 - CheckDigits.Remainder("2" + digits[..9], 97) == check);

    /// <summary>PESEL: the century is in the month.</summary>
    public static bool Polish(string digits) =>
        digits.Length == 11 && int.Parse(digits.AsSpan(2, 2), CultureInfo.InvariantCulture) % 20 is >= 1 and <= 12
        && int.Parse(digits.AsSpan(4, 2), CultureInfo.InvariantCulture) is >= 1 and <= 31
        && CheckDigits.Weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0;

    /// <summary>Personnummer, ten digits, or twelve with the century.</summary>
    public static bool Swedish(string digits)
    {
        var ten = digits.Length == 12 ? digits[2..] : digits;
        return ten.Length == 10 && IsDate(ten[..2], ten[2..4], ten[4..6]) && CheckDigits.Luhn(ten);
    }

    /// <summary>Henkilötunnus, without the sign of the century.</summary>
    public static bool Finnish(string text) =>
        text.Length == 10 && IsDate(text[4..6], text[2..4], text[..2])
        && FinnishLetters[int.Parse(text[..6] + text[6..9], CultureInfo.InvariantCulture) % 31] == text[9];

    /// <summary>Fødselsnummer.</summary>
    public static bool Norwegian(string digits) =>
        digits.Length == 11 && IsDate(digits[4..6], digits[2..4], digits[..2])
        && CheckDigits.Weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) % 11 == 0
        && CheckDigits.Weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0;

    /// <summary>Cadastro de Pessoas Físicas.</summary>
    public static bool Brazilian(string digits) =>
        digits.Length == 11 && !CheckDigits.IsUniform(digits)
        && CheckDigits.Weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 == digits[9] - '0'
        && CheckDigits.Weighted(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) * 10 % 11 % 10 == digits[10] - '0';

    /// <summary>The identity number of the People's Republic of China (GB 11643-1999).</summary>
    public static bool Chinese(string text) =>
        text.Length == 18 && IsDate(text[8..10], text[10..12], text[12..14]) && text[6..8] is "19" or "20"
        && "10X98765432"[CheckDigits.Weighted(text, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11] == char.ToUpperInvariant(text[17]);

    /// <summary>Aadhaar.</summary>
    public static bool Indian(string digits) => digits.Length == 12 && digits[0] >= '2' && !CheckDigits.IsUniform(digits) && CheckDigits.Verhoeff(digits);

    private static bool IsDate(string year, string month, string day) =>
        int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        && int.TryParse(month, NumberStyles.None, CultureInfo.InvariantCulture, out var m) && m is >= 1 and <= 12
        && int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out var d) && d is >= 1 and <= 31;
}

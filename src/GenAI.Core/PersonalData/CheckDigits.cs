namespace GenAI.Core.PersonalData;

/// <summary>The schemes of check digits that many numbers share. All take texts whose characters have been checked to be digits where digits are expected, without separators.</summary>
internal static class CheckDigits
{
    // Verhoeff, Error Detecting Decimal Codes, 1969: the dihedral group D5, and the powers of one permutation.
    private const string DihedralProducts = "0123456789123406789523401789563401289567401239567859876043216598710432765982104387659321049876543210";
    private const string VerhoeffPermutations = "01234567891576283094580379614289160435279453126870428657390127938064157046913258";

    /// <summary>H. P. Luhn's (US patent 2,950,048; ISO/IEC 7812-1).</summary>
    public static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit * 2 / 10 + digit * 2 % 10;
        }

        return sum % 10 == 0;
    }

    /// <summary>The number as a remainder; letters count 10 to 35 (ISO 7064 MOD 97-10 uses this).</summary>
    public static int Remainder(ReadOnlySpan<char> text, int divisor, int start = 0)
    {
        var remainder = start;
        foreach (var c in text)
        {
            remainder = char.IsAsciiDigit(c)
                ? (remainder * 10 + c - '0') % divisor
                : (remainder * 100 + char.ToUpperInvariant(c) - 'A' + 10) % divisor;
        }

        return remainder;
    }

    /// <summary>The sum of digits, each times its weight; further digits do not count.</summary>
    public static int Weighted(ReadOnlySpan<char> digits, ReadOnlySpan<int> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
            sum += (digits[i] - '0') * weights[i];
        return sum;
    }

    /// <summary>ISO 7064 MOD 11,10: German and Croatian numbers.</summary>
    public static bool Mod11And10(ReadOnlySpan<char> digits)
    {
        var product = 10;
        foreach (var c in digits[..^1])
        {
            var sum = (c - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return (11 - product) % 10 == digits[^1] - '0';
    }

    /// <summary>J. Verhoeff's: Indian numbers.</summary>
    public static bool Verhoeff(ReadOnlySpan<char> digits)
    {
        var check = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var permuted = VerhoeffPermutations[i % 8 * 10 + (digits[^(i + 1)] - '0')] - '0';
            check = DihedralProducts[check * 10 + permuted] - '0';
        }

        return check == 0;
    }

    /// <summary>Whether all characters are the same.</summary>
    public static bool IsUniform(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(text[0]);
}

namespace GenAI.Core.Tokenization;

/// <summary>
/// Reads decimal numbers as the reference does: the digits as one whole number, times or by a power of ten. The last bit is not always
/// the nearest; but ways to cut a text that are equally probable are told apart by that bit, and ids depend on it.
/// </summary>
internal static class ReferenceNumber
{
    private static readonly double[] Powers = [.. Enumerable.Range(0, 309).Select(i => double.Parse($"1e{i}", System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>The value of a number in JSON's form.</summary>
    public static double Parse(ReadOnlySpan<char> json)
    {
        ulong digits = 0;
        var (exponent, fraction, full) = (0, false, false);
        var at = json[0] == '-' ? 1 : 0;
        for (; at < json.Length && json[at] is not ('e' or 'E'); at++)
        {
            if (json[at] == '.')
            {
                fraction = true;
                continue;
            }

            var digit = (uint)(json[at] - '0');
            full |= digits > (ulong.MaxValue - digit) / 10;
            // Digits that no longer fit count for their place only.
            if (full)
            {
                exponent += fraction ? 0 : 1;
                continue;
            }

            digits = (digits * 10) + digit;
            exponent -= fraction ? 1 : 0;
        }

        if (at < json.Length)
            exponent += int.Parse(json[(at + 1)..], System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture);

        var value = (double)digits;
        for (; exponent < -308 && value != 0; exponent += 308)
            value /= 1e308;
        value = exponent >= 0 ? value * Powers[Math.Min(exponent, 308)] : value / Powers[Math.Min(-exponent, 308)];
        return json[0] == '-' ? -value : value;
    }
}

namespace GenAI.Core.Indexing;

/// <summary>The formulas of BM25 (S. Robertson and H. Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond", 2009).</summary>
/// <remarks>
/// A term that stands f times in a text of n terms adds idf * (k1 + 1) * f / (f + k1 * (1 - b + b * n / average n).
/// The idf is Lucene's, ln(1 + (N - t + 0.5) / (t + 0.5)) for t of N texts with the term, which is never negative.
/// </remarks>
internal static class Bm25
{
    /// <summary>The weight of a term that <paramref name="withTerm"/> of <paramref name="texts"/> texts have.</summary>
    public static double InverseDocumentFrequency(int texts, int withTerm) => Log(1 + (texts - withTerm + 0.5) / (withTerm + 0.5));

    /// <summary>
    /// The natural logarithm of a number of 1 or more. <see cref="Math.Log(double)"/> comes from the operating system and differs in the
    /// last bits; this one has only operations that IEEE 754 defines, so rankings are the same everywhere.
    /// </summary>
    public static double Log(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }

        // ln m = 2 artanh s; |s| < 0.172, so ten terms reach the last bit.
        var s = (mantissa - 1) / (mantissa + 1);
        var square = s * s;
        var sum = 0.0;
        for (var n = 21; n >= 1; n -= 2)
            sum = sum * square + 1.0 / n;
        return 2 * s * sum + exponent * 0.6931471805599453;
    }
}

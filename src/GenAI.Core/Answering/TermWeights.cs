using System.Numerics;

namespace GenAI.Core.Answering;

/// <summary>How much each term of a question says about these sources: its share of the question, by specificity and inverse document frequency over the candidates.</summary>
/// <remarks>A term that no candidate has weighs most.</remarks>
internal sealed class TermWeights
{
    private readonly double[] _weights;

    public TermWeights(QuestionTerms question, List<CandidateSentence> candidates)
    {
        var frequencies = new int[question.Count];
        foreach (var candidate in candidates)
        {
            for (var bits = candidate.Reach; bits != 0; bits &= bits - 1)
                frequencies[BitOperations.TrailingZeroCount(bits)]++;
        }

        _weights = new double[question.Count];
        var sum = 0.0;
        for (var i = 0; i < _weights.Length; i++)
        {
            _weights[i] = question.Specificity[i] * Math.Log(1 + (candidates.Count - frequencies[i] + 0.5) / (frequencies[i] + 0.5));
            sum += _weights[i];
        }

        for (var i = 0; i < _weights.Length; i++)
            _weights[i] /= sum;
    }

    /// <summary>The weight of a set of terms, 0 to 1.</summary>
    public double Of(ulong bits)
    {
        var sum = 0.0;
        for (; bits != 0; bits &= bits - 1)
            sum += _weights[BitOperations.TrailingZeroCount(bits)];
        return sum;
    }

    /// <summary>How nearly a heading says what the question says: the weight that it covers, less the more it says besides.</summary>
    public double HeadingMatch(TermScan heading) =>
        heading.Bits == 0 ? 0 : Of(heading.Bits) * Math.Min(1, BitOperations.PopCount(heading.Bits) / (double)heading.Length);
}

namespace GenAI.Core.Indexing;

/// <summary>
/// Pseudo-relevance feedback: takes the best texts of a first search for relevant and adds their typical terms to the query.
/// It finds texts that use other words for the same, at the price of a second search, and can drift where the first search was wrong.
/// </summary>
/// <remarks>The relevance model RM3 (N. Abdul-Jaleel et al., "UMass at TREC 2004: Novelty and HARD", 2004).</remarks>
public sealed class RelevanceFeedback
{
    private readonly int _texts = 10;
    private readonly int _terms = 10;
    private readonly double _originalWeight = 0.5;

    /// <summary>How many of the best texts to take terms from, 1 or more. The default is 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Texts
    {
        get => _texts;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _texts = value;
        }
    }

    /// <summary>How many terms to take from them, 1 or more. The default is 10.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1.</exception>
    public int Terms
    {
        get => _terms;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _terms = value;
        }
    }

    /// <summary>How much of the weight stays with the query's own terms, from 0 to 1. The default is 0.5.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not in 0 to 1.</exception>
    public double OriginalWeight
    {
        get => _originalWeight;
        init
        {
            if (!(value is >= 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(value), value, $"OriginalWeight is {value}; it must lie between 0 and 1.");
            _originalWeight = value;
        }
    }
}

using Microsoft.Extensions.AI;

namespace GenAI.Core.Verification;

/// <summary>How a <see cref="ClaimVerifier"/> judges. The verifier copies what it needs when it is made.</summary>
public sealed class ClaimVerifierOptions
{
    /// <summary>Whether a claim that cites no source is unsupported. Otherwise it is checked against all sources.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool RequireCitations { get; set; } = true;

    /// <summary>The share of a claim's words, by weight, that must stand together in a source: <see cref="Claim.Score"/> of a claim in which nothing else failed.</summary>
    /// <value>0 to 1, at least <see cref="MinPartialSupport"/>. The default is 0.6. <see cref="ClaimCalibration"/> fits it to labelled claims.</value>
    public double MinSupport
    {
        get;
        set => field = Share(value, nameof(MinSupport));
    } = 0.6;

    /// <summary>The share from which on a claim is supported in part.</summary>
    /// <value>0 to 1. The default is 0.4.</value>
    public double MinPartialSupport
    {
        get;
        set => field = Share(value, nameof(MinPartialSupport));
    } = 0.4;

    /// <summary>Compares the meaning of a claim that lacks words of the evidence. The embedder without a model adds nothing here: it compares words too.</summary>
    /// <value>The default is none.</value>
    public IEmbeddingGenerator<string, Embedding<float>>? EmbeddingGenerator { get; set; }

    /// <summary>The cosine similarity of claim and evidence that stands for the words that are missing.</summary>
    /// <value>0 to 1. The default is 0.8; it depends on the model.</value>
    public double MinSimilarity
    {
        get;
        set => field = Share(value, nameof(MinSimilarity));
    } = 0.8;

    /// <summary>Decides on claims that the other checks leave open: those that are not in the source as they stand and in which no check found a fault.</summary>
    /// <value>The default is none.</value>
    public IEntailmentJudge? Judge { get; set; }

    /// <summary>The probability from which on the judge's word counts.</summary>
    /// <value>0 to 1. The default is 0.5.</value>
    public double MinEntailment
    {
        get;
        set => field = Share(value, nameof(MinEntailment));
    } = 0.5;

    /// <summary>How long the judge, and the embedder, may take for one claim.</summary>
    /// <value>More than zero, or <see cref="Timeout.InfiniteTimeSpan"/>. The default is 10 seconds.</value>
    public TimeSpan JudgeTimeout
    {
        get;
        set
        {
            if (value != Timeout.InfiniteTimeSpan)
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value, TimeSpan.Zero, nameof(JudgeTimeout));
            field = value;
        }
    } = TimeSpan.FromSeconds(10);

    internal bool HasModels => Judge is not null || EmbeddingGenerator is not null;

    /// <summary>What is wrong with the options, and the remedy; null if nothing is.</summary>
    internal string? Problem() => MinPartialSupport > MinSupport
        ? $"{nameof(MinPartialSupport)} is {MinPartialSupport}, more than {nameof(MinSupport)}, {MinSupport}: nothing could be supported in part. Lower it."
        : null;

    internal ClaimVerifierOptions Copy() => (ClaimVerifierOptions)MemberwiseClone();

    private static double Share(double value, string name) =>
        value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is a share, 0 to 1.");
}

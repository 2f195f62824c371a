namespace GenAI.Core.Verification;

/// <summary>A claim of which it is known whether its source supports it.</summary>
/// <param name="Score">Its <see cref="Claim.Score"/>, 0 to 1.</param>
/// <param name="IsSupported">Whether the source supports it, as a person says.</param>
public readonly record struct LabelledClaim(double Score, bool IsSupported);

/// <summary>Fits the threshold of scores to labelled claims: the lowest with which no more than a given share of the claims that pass are wrong.</summary>
/// <remarks>
/// Selective classification (Geifman and El-Yaniv 2017): of all thresholds, the lowest whose upper bound of the error rate (Clopper and Pearson 1934) is within the target. The bound holds for one
/// threshold by itself; that many are looked at makes it a little optimistic.
/// </remarks>
public sealed class ClaimCalibration
{
    private ClaimCalibration(double threshold, double targetErrorRate, int count, int accepted, int wrong, double bound, int supported, int kept)
    {
        (Threshold, TargetErrorRate, Count, Accepted, Wrong, ErrorBound) = (threshold, targetErrorRate, count, accepted, wrong, bound);
        Recall = supported == 0 ? 0 : (double)kept / supported;
    }

    /// <summary>What to set <see cref="ClaimVerifierOptions.MinSupport"/> to; <see cref="double.PositiveInfinity"/> if no threshold reaches the target.</summary>
    public double Threshold { get; }

    /// <summary>Whether some threshold reaches the target.</summary>
    public bool IsReached => Threshold <= 1;

    /// <summary>The error rate that was asked for.</summary>
    public double TargetErrorRate { get; }

    /// <summary>The number of labelled claims.</summary>
    public int Count { get; }

    /// <summary>How many pass the threshold.</summary>
    public int Accepted { get; }

    /// <summary>How many of these are not supported.</summary>
    public int Wrong { get; }

    /// <summary>The share of all claims that pass, 0 to 1.</summary>
    public double Coverage => (double)Accepted / Count;

    /// <summary>The share of those that pass that are not supported, 0 to 1; 0 where none passes.</summary>
    public double ErrorRate => Accepted == 0 ? 0 : (double)Wrong / Accepted;

    /// <summary>What the error rate is at most, with the confidence that was asked for.</summary>
    public double ErrorBound { get; }

    /// <summary>The share of the supported claims that pass, 0 to 1.</summary>
    public double Recall { get; }

    /// <summary>Fits a threshold.</summary>
    /// <param name="claims">The labelled claims; not empty. They should be of the kind that is going to be judged.</param>
    /// <param name="targetErrorRate">The share of claims that pass which may be wrong: more than 0, less than 1.</param>
    /// <param name="confidence">With what confidence, at least 0.5 and less than 1. The default is 0.9.</param>
    /// <exception cref="ArgumentException">There are no claims, or one has a score that is no share.</exception>
    public static ClaimCalibration Fit(IEnumerable<LabelledClaim> claims, double targetErrorRate, double confidence = 0.9)
    {
        ArgumentNullException.ThrowIfNull(claims);
        if (!(targetErrorRate is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(targetErrorRate), targetErrorRate, "The target error rate must be more than 0 and less than 1.");
        if (!(confidence is >= 0.5 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "The confidence must be at least 0.5 and less than 1.");
        var sorted = claims.OrderByDescending(claim => claim.Score).ToArray();
        if (sorted.Length == 0)
            throw new ArgumentException("There are no labelled claims. Give some hundred.", nameof(claims));
        if (Array.FindIndex(sorted, claim => !(claim.Score is >= 0 and <= 1)) is >= 0 and var odd)
            throw new ArgumentException($"The score {sorted[odd].Score} is no share, 0 to 1.", nameof(claims));

        var supported = sorted.Count(claim => claim.IsSupported);
        var best = (Threshold: double.PositiveInfinity, Accepted: 0, Wrong: 0, Bound: 1.0);
        int accepted = 0, wrong = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            accepted++;
            wrong += sorted[i].IsSupported ? 0 : 1;
            if (i + 1 < sorted.Length && sorted[i + 1].Score == sorted[i].Score)
                continue;
            var bound = UpperBound(wrong, accepted, 1 - confidence);
            if (bound <= targetErrorRate)
                best = (sorted[i].Score, accepted, wrong, bound);
        }

        return new ClaimCalibration(best.Threshold, targetErrorRate, sorted.Length, best.Accepted, best.Wrong, best.Bound, supported, best.Accepted - best.Wrong);
    }

    /// <summary>Threshold, error rate and coverage.</summary>
    public override string ToString() => FormattableString.Invariant($"threshold {Threshold:0.###}, error rate {ErrorRate:0.###} (at most {ErrorBound:0.###}), coverage {Coverage:0.###}");

    /// <summary>The rate at which so few errors or fewer come with no more than this probability.</summary>
    private static double UpperBound(int errors, int trials, double probability)
    {
        if (errors == trials)
            return 1;
        double low = (double)errors / trials, high = 1;
        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            if (Cumulative(errors, trials, middle) > probability)
                low = middle;
            else
                high = middle;
        }

        return high;
    }

    /// <summary>The probability of so many errors or fewer.</summary>
    private static double Cumulative(int errors, int trials, double rate)
    {
        if (rate >= 1)
            return 0;
        var term = trials * Math.Log(1 - rate);
        var sum = Math.Exp(term);
        for (var i = 1; i <= errors; i++)
        {
            term += Math.Log((double)(trials - i + 1) / i * rate / (1 - rate));
            sum += Math.Exp(term);
        }

        return Math.Min(1, sum);
    }
}

namespace GenAI.Core.Verification;

/// <summary>What becomes of the claims of an answer, by their verdict.</summary>
/// <remarks>
/// Where every action is <see cref="ClaimAction.Keep"/>, text streams as if it were not verified. With <see cref="ClaimAction.Mark"/> or <see cref="ClaimAction.Drop"/> a sentence is released when its
/// verdict is in. With <see cref="ClaimAction.AskAgain"/> or <see cref="ClaimAction.Abstain"/> nothing is released before all verdicts are in: what was released is never taken back.
/// The pipeline copies what it needs when it is made; changes made later have no effect on it.
/// </remarks>
public sealed class ClaimPolicy
{
    /// <summary>How claims are judged.</summary>
    /// <value>The default needs no model.</value>
    public ClaimVerifierOptions Verifier
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Verifier));
            field = value;
        }
    } = new();

    /// <summary>What becomes of a claim that is supported in part.</summary>
    /// <value>The default is <see cref="ClaimAction.Keep"/>.</value>
    public ClaimAction Partly
    {
        get;
        set => field = Defined(value, nameof(Partly));
    }

    /// <summary>What becomes of a claim that no cited source supports.</summary>
    /// <value>The default is <see cref="ClaimAction.Keep"/>.</value>
    public ClaimAction Unsupported
    {
        get;
        set => field = Defined(value, nameof(Unsupported));
    }

    /// <summary>What becomes of a claim that a cited source contradicts.</summary>
    /// <value>The default is <see cref="ClaimAction.Keep"/>.</value>
    public ClaimAction Contradicted
    {
        get;
        set => field = Defined(value, nameof(Contradicted));
    }

    /// <summary>What becomes of a claim on which a model had to decide and could not.</summary>
    /// <value>The default is <see cref="ClaimAction.Keep"/>.</value>
    public ClaimAction Unscorable
    {
        get;
        set => field = Defined(value, nameof(Unscorable));
    }

    /// <summary>What <see cref="ClaimAction.Mark"/> puts behind a claim.</summary>
    /// <value>Not empty. The default is <c> (not verified)</c>, with the space.</value>
    public string MarkText
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value, nameof(MarkText));
            field = value;
        }
    } = " (not verified)";

    /// <summary>How often <see cref="ClaimAction.AskAgain"/> asks again, at most, for one question.</summary>
    /// <value>1 to 10. The default is 1.</value>
    public int MaxRetries
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxRetries));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 10, nameof(MaxRetries));
            field = value;
        }
    } = 1;

    /// <summary>Drops what is unsupported, contradicted or undecided, and marks what is supported in part.</summary>
    public static ClaimPolicy Strict() => new() { Partly = ClaimAction.Mark, Unsupported = ClaimAction.Drop, Contradicted = ClaimAction.Drop, Unscorable = ClaimAction.Drop };

    internal bool Changes => Has(action => action is not ClaimAction.Keep);

    /// <summary>Whether a verdict can change more than its own sentence.</summary>
    internal bool NeedsAll => Has(action => action is ClaimAction.AskAgain or ClaimAction.Abstain);

    internal bool MayAskAgain => Has(action => action is ClaimAction.AskAgain);

    internal ClaimAction Of(ClaimVerdict verdict) => verdict switch
    {
        ClaimVerdict.Partly => Partly,
        ClaimVerdict.Unsupported => Unsupported,
        ClaimVerdict.Contradicted => Contradicted,
        ClaimVerdict.Unscorable => Unscorable,
        _ => ClaimAction.Keep,
    };

    internal ClaimPolicy Copy()
    {
        var copy = (ClaimPolicy)MemberwiseClone();
        copy.Verifier = Verifier.Copy();
        return copy;
    }

    private bool Has(Func<ClaimAction, bool> test) => test(Partly) || test(Unsupported) || test(Contradicted) || test(Unscorable);

    private static ClaimAction Defined(ClaimAction value, string name) =>
        Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} must be one of the actions.");
}

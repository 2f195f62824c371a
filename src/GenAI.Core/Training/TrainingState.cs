namespace GenAI.Core.Training;

/// <summary>Where a training is: everything that the next step depends on but the pairs and the options.</summary>
internal sealed class TrainingState(TokenParameters parameters)
{
    public TokenParameters Parameters => parameters;

    /// <summary>The last step that is done.</summary>
    public int Step { get; set; }

    /// <summary>The sum of the losses since the last report, and of how many steps.</summary>
    public double LossSum { get; set; }

    /// <inheritdoc cref="LossSum"/>
    public int LossCount { get; set; }

    /// <summary>Validations since the best one.</summary>
    public int Misses { get; set; }

    public int BestStep { get; set; }

    public double BestGain { get; set; } = double.NegativeInfinity;

    /// <summary>The vectors at the best validation.</summary>
    public float[] BestRows { get; } = parameters.Rows.ToArray();

    /// <summary>The logarithms of the weights at the best validation.</summary>
    public float[] BestLogWeights { get; } = parameters.LogWeights.ToArray();

    public List<StaticEmbeddingTrainingProgress> Curve { get; } = [];

    /// <summary>All numbers, in a fixed order.</summary>
    public float[][] Numbers => [.. Parameters.All, BestRows, BestLogWeights];

    /// <summary>Keeps the vectors and weights of this step as the best.</summary>
    public void KeepBest(double gain)
    {
        (BestGain, BestStep, Misses) = (gain, Step, 0);
        Parameters.Rows.CopyTo(BestRows, 0);
        Parameters.LogWeights.CopyTo(BestLogWeights, 0);
    }
}

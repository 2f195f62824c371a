namespace GenAI.Core.Training;

/// <summary>Where a training is.</summary>
/// <param name="Step">The last step that is done; 0 before the first.</param>
/// <param name="Steps">The most steps that are to be done.</param>
/// <param name="Loss">The mean loss of the steps since the last report; NaN before the first step. It starts below the logarithm of the batch size.</param>
/// <param name="ValidationGain">nDCG@10 of the validation pairs, 0 to 1; <see langword="null"/> if there are none.</param>
public sealed record StaticEmbeddingTrainingProgress(int Step, int Steps, double Loss, double? ValidationGain);

namespace GenAI.Core.Retrieval;

/// <summary>Says how well texts answer a query, each read together with it.</summary>
/// <remarks>An implementation is safe for concurrent calls.</remarks>
public interface IReranker
{
    /// <summary>Scores texts.</summary>
    /// <param name="query">What is asked for; not empty.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Stops the scoring.</param>
    /// <returns>A score for each text, in their order; higher is better. The scale is the implementation's, and the same for every query.</returns>
    Task<IReadOnlyList<float>> ScoreAsync(string query, IReadOnlyList<string> texts, CancellationToken cancellationToken = default);
}

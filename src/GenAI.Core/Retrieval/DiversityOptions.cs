namespace GenAI.Core.Retrieval;

/// <summary>Options of a <see cref="DiverseRetriever"/>.</summary>
public sealed class DiversityOptions
{
    /// <summary>How many chunks are retrieved to choose from.</summary>
    /// <value>1 or more. The default is 50. A search for more chunks retrieves as many as it asks for.</value>
    public int Depth
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(Depth));
            field = value;
        }
    } = 50;

    /// <summary>How much fitting the query counts against being unlike what was chosen before ("lambda" in the paper).</summary>
    /// <value>0 (only being unlike) to 1 (only fitting). The default is 0.7.</value>
    public float Relevance
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 0, nameof(Relevance));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1, nameof(Relevance));
            if (float.IsNaN(value))
                throw new ArgumentOutOfRangeException(nameof(Relevance), value, "Relevance is not a number; choose from 0 to 1.");
            field = value;
        }
    } = 0.7f;
}

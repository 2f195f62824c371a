namespace GenAI.Core;

/// <summary>Options of one question.</summary>
public sealed class AskOptions
{
    internal const int DefaultTop = 8;

    /// <summary>How many chunks to retrieve for the answer.</summary>
    /// <value>1 or more. The default is 8.</value>
    public int Top
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(Top));
            field = value;
        }
    } = DefaultTop;

    /// <summary>How to search: arms, filter, fusion. The default is that of <see cref="SearchOptions"/>.</summary>
    public SearchOptions? Search { get; set; }

    /// <summary>Options for the chat client, such as the model or the temperature. The default temperature is 0.</summary>
    public Microsoft.Extensions.AI.ChatOptions? Chat { get; set; }

    /// <summary>How the claims of this answer are verified, in place of <see cref="Answering.AnswerOptions.Claims"/>. The default, <see langword="null"/>, is as it says there.</summary>
    public Verification.ClaimPolicy? Claims { get; set; }
}

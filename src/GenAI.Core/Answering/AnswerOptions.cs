using GenAI.Core.Chunking;
using GenAI.Core.Verification;

namespace GenAI.Core.Answering;

/// <summary>How an <see cref="AnswerPipeline"/> writes its prompts and what it accepts as an answer.</summary>
/// <remarks>The pipeline copies what it needs when it is made; changes made later have no effect on it.</remarks>
public sealed class AnswerOptions
{
    /// <summary>The tokens that the chat client's model has room for: instructions, sources, question and answer together.</summary>
    /// <value>At least 1, and large enough that <see cref="MaxAnswerTokens"/>, the instructions and a source fit; the pipeline's constructor checks it. The default is 8,192.</value>
    public int MaxContextTokens
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxContextTokens));
            field = value;
        }
    } = 8192;

    /// <summary>The part of <see cref="MaxContextTokens"/> that is kept free for the answer; also the request's <c>MaxOutputTokens</c> unless <see cref="AskOptions.Chat"/> sets it.</summary>
    /// <value>At least 1 and less than <see cref="MaxContextTokens"/>. The default is 1,024.</value>
    public int MaxAnswerTokens
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(MaxAnswerTokens));
            field = value;
        }
    } = 1024;

    /// <summary>Counts the tokens of a prompt. Give the model's own tokenizer for an exact budget.</summary>
    /// <value>The default is <see cref="TokenCounter.Estimate"/>.</value>
    public TokenCounter Counter
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Counter));
            field = value;
        }
    } = TokenCounter.Estimate;

    /// <summary>The answer's text when the sources hold no answer.</summary>
    /// <value>Not empty. The default is an English sentence.</value>
    public string NoEvidenceText
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value, nameof(NoEvidenceText));
            field = value;
        }
    } = "The sources do not answer this question.";

    /// <summary>The answer's text when the chat client's content filter withheld it.</summary>
    /// <value>Not empty. The default is an English sentence.</value>
    public string BlockedText
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value, nameof(BlockedText));
            field = value;
        }
    } = "The answer was withheld by a content filter.";

    /// <summary>What the model is told about its task and manner. The rules for sources, markers and abstaining always follow it.</summary>
    /// <value>Not empty. The default asks for a short answer from the sources alone, in the language of the question.</value>
    public string Instructions
    {
        get;
        set
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(value, nameof(Instructions));
            field = value;
        }
    } = "You answer questions from sources. Say only what the sources say: no other knowledge, no guesses. Answer in the language of the question, completely and briefly.";

    /// <summary>
    /// Whether a reply that cites no source counts as no answer: its text is then <see cref="NoEvidenceText"/>. While streaming,
    /// text is released from the first citation on, so nothing has to be taken back.
    /// </summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool RequireCitations { get; set; } = true;

    /// <summary>
    /// What the fences around the sources are derived from, together with the prompt's content. Whoever knows neither this secret nor
    /// the prompt cannot write a document that closes its own fence. Set it where equal questions must give equal prompts in
    /// different processes, such as with a shared response cache.
    /// </summary>
    /// <value>Not empty. The default, <see langword="null"/>, is a random secret of this process.</value>
    public string? FenceSecret
    {
        get;
        set
        {
            if (value is not null)
                ArgumentException.ThrowIfNullOrWhiteSpace(value, nameof(FenceSecret));
            field = value;
        }
    }

    /// <summary>
    /// How the claims of an answer are verified against what they cite, and what becomes of those that fail. By default every claim stays as it is, text streams as without verification, and the
    /// verdicts are in <see cref="Answer.Claims"/>.
    /// </summary>
    /// <value><see langword="null"/> verifies nothing. The default keeps all claims.</value>
    public ClaimPolicy? Claims { get; set; } = new();
}

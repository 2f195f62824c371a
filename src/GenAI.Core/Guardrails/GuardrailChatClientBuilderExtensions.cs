using Microsoft.Extensions.AI;

namespace GenAI.Core.Guardrails;

/// <summary>Puts guardrails into the pipeline of a chat client.</summary>
public static class GuardrailChatClientBuilderExtensions
{
    /// <summary>Guards what is sent to the clients that come after this one in the pipeline, and what they reply: see <see cref="GuardrailChatClient"/>.</summary>
    /// <param name="builder">The pipeline. Call this after <c>UseFunctionInvocation</c>, so that tool calls and results are guarded too.</param>
    /// <param name="guardrails">The guardrails, in the order in which their rules apply.</param>
    /// <param name="options">How they are run; the defaults if <see langword="null"/>.</param>
    public static ChatClientBuilder UseGuardrails(this ChatClientBuilder builder, IEnumerable<IGuardrail> guardrails, GuardrailOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(guardrails);
        IGuardrail[] all = [.. guardrails];
        return builder.Use(inner => new GuardrailChatClient(inner, all, options));
    }
}

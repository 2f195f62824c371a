using Microsoft.Extensions.AI;

namespace GenAI.Core.Injection;

/// <summary>Puts spotlighting into the pipeline of a chat client.</summary>
public static class SpotlightChatClientBuilderExtensions
{
    /// <summary>Puts fences around tools' results: see <see cref="SpotlightChatClient"/>.</summary>
    /// <param name="builder">The pipeline. Call this after <c>UseFunctionInvocation</c>.</param>
    /// <param name="mark">What stands in the place of every blank of a result; nothing if <see langword="null"/>.</param>
    public static ChatClientBuilder UseSpotlighting(this ChatClientBuilder builder, char? mark = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(inner => new SpotlightChatClient(inner, mark));
    }
}

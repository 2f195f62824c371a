using Microsoft.Extensions.AI;

namespace GenAI.Core.PersonalData;

/// <summary>Puts a vault for personal data into the pipeline of a chat client.</summary>
public static class PersonalDataChatClientBuilderExtensions
{
    /// <summary>Keeps personal data from the clients that come after this one, and gives it back in their replies: see <see cref="PersonalDataVaultChatClient"/>.</summary>
    /// <param name="builder">The pipeline. Called after <c>UseFunctionInvocation</c>, tools get the originals.</param>
    /// <param name="options">What is looked for; the defaults if <see langword="null"/>.</param>
    public static ChatClientBuilder UsePersonalDataVault(this ChatClientBuilder builder, PersonalDataOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(inner => new PersonalDataVaultChatClient(inner, options));
    }
}

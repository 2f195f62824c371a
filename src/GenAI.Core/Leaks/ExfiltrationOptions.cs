namespace GenAI.Core.Leaks;

/// <summary>What an <see cref="ExfiltrationGuardrail"/> lets through.</summary>
public sealed class ExfiltrationOptions
{
    /// <summary>The hosts that links and images may lead to, such as <c>example.org</c>; <c>*.example.org</c> stands for every host below it, not for itself.</summary>
    /// <value>The default is none.</value>
    public ISet<string> AllowedHosts { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether links in text to hosts that are not allowed stay; images and markup never do.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowLinks { get; set; }

    /// <summary>Whether HTML stays. Scripts, and tags that load, send or run something, never do.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowHtml { get; set; }

    /// <summary>Whether what a URL carries, decoded, is text of the context that must not leave, also to an allowed host. It must be safe for concurrent use and fast.</summary>
    /// <value>The default is <see langword="null"/>: words in a query, and encoded text of 24 characters or more, count as such.</value>
    public Func<string, bool>? CarriesContext { get; set; }

    /// <summary>What is done. The default is to put a name in the place of what was found.</summary>
    public GenAI.Core.Guardrails.RuleAction Action { get; set; }

    /// <summary>Where the guardrail holds.</summary>
    /// <value>The default is <see cref="GenAI.Core.Guardrails.GuardrailStages.Output"/>.</value>
    public GenAI.Core.Guardrails.GuardrailStages Stages { get; set; } = GenAI.Core.Guardrails.GuardrailStages.Output;

    internal bool Allows(ReadOnlySpan<char> host)
    {
        var name = host.ToString();
        if (AllowedHosts.Contains(name))
            return true;
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            if (AllowedHosts.Contains("*" + name[dot..]))
                return true;
        }

        return false;
    }

    internal ExfiltrationOptions Copy()
    {
        var copy = new ExfiltrationOptions { AllowLinks = AllowLinks, AllowHtml = AllowHtml, CarriesContext = CarriesContext, Action = Action, Stages = Stages };
        copy.AllowedHosts.UnionWith(AllowedHosts);
        return copy;
    }
}

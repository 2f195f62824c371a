using System.Globalization;
using System.Security.Cryptography;
using GenAI.Core.Guardrails;

namespace GenAI.Core.PersonalData;

/// <summary>
/// Gives personal data names, and for the names gives the data back: a model sees <c>[Email-1-9c2e]</c>, and the user of its answer the address. Equal values have the same name. For one conversation;
/// what it holds is held in memory only.
/// </summary>
/// <remarks>The last part of a name is made by chance for each vault, so that a document or a user cannot ask for what others put in. Safe for concurrent use.</remarks>
public sealed class PersonalDataVault
{
    private static readonly RuleSet Names = new([TextRule.Find("token", $@"\[(?:{string.Join('|', Enum.GetNames<PersonalDataKind>())})-[0-9]{{1,7}}-[0-9a-f]{{4}}\]", match => new TextRange(0, match.Length), text => text)]);

    private readonly string _tag = RandomNumberGenerator.GetHexString(4, lowercase: true);
    private readonly Dictionary<(PersonalDataKind Kind, string Text), string> _names = [];
    private readonly Dictionary<string, string> _originals = new(StringComparer.Ordinal);
    private readonly Dictionary<PersonalDataKind, int> _counts = [];
    private readonly Lock _gate = new();

    /// <summary>How many values it holds.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _originals.Count;
        }
    }

    /// <summary>Puts the originals back. Names that it did not give stay as they are.</summary>
    /// <param name="text">A whole text. For one that streams, see <see cref="PersonalDataVaultChatClient"/>.</param>
    public string Restore(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var filter = Restoring();
        return filter.Read(text) + filter.Complete();
    }

    /// <summary>Restores one text that comes in pieces: only what could be the beginning of a name is held back.</summary>
    internal RuleFilter Restoring() => new(Names, match => OriginalOf(match.Text!));

    /// <summary>The name of a value, a new one where it has none.</summary>
    internal string TokenFor(PersonalDataKind kind, string text)
    {
        lock (_gate)
        {
            if (_names.TryGetValue((kind, text), out var known))
                return known;
            var number = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            var name = string.Create(CultureInfo.InvariantCulture, $"[{kind}-{number}-{_tag}]");
            _names.Add((kind, text), name);
            _originals.Add(name, text);
            return name;
        }
    }

    private string OriginalOf(string name)
    {
        lock (_gate)
            return _originals.GetValueOrDefault(name, name);
    }
}

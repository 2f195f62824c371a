namespace GenAI.Core.Tokenization;

/// <summary>Reads the post-processor of a <c>tokenizer.json</c>.</summary>
internal static class TemplateSettings
{
    public static TokenTemplate Read(Setting setting)
    {
        var type = setting.Type;
        switch (type)
        {
            case "TemplateProcessing":
                return Template(setting);
            case "BertProcessing":
                return TokenTemplate.Bert(Id(setting.Required("cls")), Id(setting.Required("sep")));
            case "RobertaProcessing":
                var roberta = TokenTemplate.Roberta(Id(setting.Required("cls")), Id(setting.Required("sep")));
                return setting.Flag("trim_offsets", true) ? roberta.Trimming(setting.Flag("add_prefix_space", true)) : roberta;
            case "ByteLevel":
                return setting.Flag("trim_offsets", true) ? TokenTemplate.Plain.Trimming(setting.Flag("add_prefix_space", true)) : TokenTemplate.Plain;
            case "Sequence":
                return Sequence(setting.Required("processors"));
            default:
                throw setting.Required("type").Error($"is '{type}', a post-processor that is not known");
        }
    }

    // One of them puts the tokens together; byte-level ones before it only trim.
    private static TokenTemplate Sequence(Setting processors)
    {
        TokenTemplate? template = null, trimming = null;
        foreach (var processor in processors.Items())
        {
            var read = Read(processor);
            if (processor.Type == "ByteLevel")
                trimming = read.TrimsRanges ? read : trimming;
            else if (template is null)
                template = read;
            else
                throw processors.Error("has more than one step that adds special tokens, which is not supported");
        }

        template ??= TokenTemplate.Plain;
        return trimming is null ? template : template.Trimming(trimming.AddsPrefixSpace);
    }

    private static TokenTemplate Template(Setting setting)
    {
        var special = setting.Optional("special_tokens");
        return new TokenTemplate(Parts(setting.Required("single"), special, sequences: 1), Parts(setting.Required("pair"), special, sequences: 2));
    }

    private static TemplatePart[] Parts(Setting template, Setting? special, int sequences)
    {
        var parts = new List<TemplatePart>();
        foreach (var piece in template.Items())
        {
            if (piece.Optional("Sequence") is { } sequence)
            {
                var index = sequence.Required("id").Text() switch { "A" => 0, "B" => 1, var other => throw sequence.Error($"has the id '{other}', where A or B is needed") };
                if (index >= sequences)
                    throw sequence.Error("names the second text in the template for one");
                parts.Add(TemplatePart.Text(index, sequence.Number("type_id", 0, TokenizerJson.MaxId, 0)));
                continue;
            }

            var token = piece.Required("SpecialToken");
            var name = token.Required("id").Text();
            var ids = special?.Optional(name)?.Required("ids") ?? throw token.Error($"names '{name}', which is not among special_tokens");
            parts.Add(new TemplatePart(-1, token.Number("type_id", 0, TokenizerJson.MaxId, 0), [.. ids.Items().Select(id => id.Number(0, TokenizerJson.MaxId))]));
        }

        return [.. parts];
    }

    // A token and its id.
    private static int Id(Setting pair) =>
        pair.IsArray && pair.Items().Skip(1).Take(1).ToArray() is [var id] ? id.Number(0, TokenizerJson.MaxId) : throw pair.Error("must be a token and its id");
}

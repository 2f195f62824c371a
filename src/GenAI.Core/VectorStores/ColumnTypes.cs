namespace GenAI.Core.VectorStores;

/// <summary>The types of values that a column can hold, and the columns for them.</summary>
/// <remarks>One generic instance for each type is named here, so that nothing has to be made by reflection.</remarks>
internal static class ColumnTypes
{
    public const string Supported = "bool, byte, sbyte, short, ushort, int, uint, long, ulong, float, double, decimal, char, string, Guid, DateTime, DateTimeOffset, DateOnly, TimeOnly, TimeSpan, their nullable forms, and arrays and List<T> of these";

    public const string SupportedKeys = "string, Guid, byte, sbyte, short, ushort, int, uint, long, ulong";

    public const string SupportedVectors = "ReadOnlyMemory<float>, Embedding<float>, float[]";

    private static readonly Dictionary<Type, IColumnFactory> Factories = new IColumnFactory[]
    {
        new ColumnFactory<bool>(), new ColumnFactory<byte>(), new ColumnFactory<sbyte>(), new ColumnFactory<short>(), new ColumnFactory<ushort>(),
        new ColumnFactory<int>(), new ColumnFactory<uint>(), new ColumnFactory<long>(), new ColumnFactory<ulong>(), new ColumnFactory<float>(),
        new ColumnFactory<double>(), new ColumnFactory<decimal>(), new ColumnFactory<char>(), new ColumnFactory<Guid>(), new ColumnFactory<DateTime>(),
        new ColumnFactory<DateTimeOffset>(), new ColumnFactory<DateOnly>(), new ColumnFactory<TimeOnly>(), new ColumnFactory<TimeSpan>(), new ColumnFactory<string>(),
    }.ToDictionary(factory => factory.ValueType);

    private interface IColumnFactory
    {
        Type ValueType { get; }

        Type ArrayType { get; }

        Type ListType { get; }

        Column Create(DataField field);

        object ToList(Array array);
    }

    /// <summary>The type of the values that a property of this type stores, or null if it cannot be stored.</summary>
    public static Type? ValueTypeOf(Type propertyType, out bool isList)
    {
        isList = false;
        var plain = Nullable.GetUnderlyingType(propertyType) ?? propertyType;
        if (Factories.ContainsKey(plain))
            return plain;

        foreach (var factory in Factories.Values)
        {
            if (propertyType == factory.ArrayType || propertyType == factory.ListType)
            {
                isList = true;
                return factory.ValueType;
            }
        }

        return null;
    }

    /// <summary>Makes the list that a property of this type holds from a column's array, or null where it holds the array itself or no list.</summary>
    public static Func<Array, object>? ToList(Type propertyType) => Factories.Values.FirstOrDefault(factory => factory.ListType == propertyType) is { } made ? made.ToList : null;

    public static bool IsKeyType(Type type) =>
        type == typeof(string) || type == typeof(Guid) || type == typeof(int) || type == typeof(long) || type == typeof(ulong) || type == typeof(uint)
        || type == typeof(short) || type == typeof(ushort) || type == typeof(byte) || type == typeof(sbyte);

    public static Column Create(DataField field) => Factories[field.ValueType].Create(field);

    public static KeyMap CreateKeys(KeyField key) => key.Type switch
    {
        var type when type == typeof(string) => new KeyMap<string>(key.Name),
        var type when type == typeof(Guid) => new KeyMap<Guid>(key.Name),
        var type when type == typeof(int) => new KeyMap<int>(key.Name),
        var type when type == typeof(long) => new KeyMap<long>(key.Name),
        var type when type == typeof(ulong) => new KeyMap<ulong>(key.Name),
        var type when type == typeof(uint) => new KeyMap<uint>(key.Name),
        var type when type == typeof(short) => new KeyMap<short>(key.Name),
        var type when type == typeof(ushort) => new KeyMap<ushort>(key.Name),
        var type when type == typeof(byte) => new KeyMap<byte>(key.Name),
        _ => new KeyMap<sbyte>(key.Name),
    };

    public static string Describe(DataField field) => field.IsList ? $"list of {field.ValueType.Name}" : field.ValueType.Name;

    private sealed class ColumnFactory<T> : IColumnFactory
        where T : IComparable<T>, IEquatable<T>
    {
        public Type ValueType => typeof(T);

        public Type ArrayType => typeof(T[]);

        public Type ListType => typeof(List<T>);

        public Column Create(DataField field) => field.IsList ? new ListColumn<T>(field) : new ValueColumn<T>(field);

        public object ToList(Array array) => new List<T>((T[])array);
    }

}

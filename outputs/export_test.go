package outputs

type (
	List   = list
	Output = told
)
